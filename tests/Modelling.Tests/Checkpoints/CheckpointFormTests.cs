using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_checkpoint_comes_in_another_form
{
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];

    public static TheoryData<string> Forms => new(GoldenFolders.Of("checkpoint-forms"));

    [Theory]
    [MemberData(nameof(Forms))]
    public void Halves_give_the_logits_that_Transformers_computes_from_them(string forms)
    {
        foreach (var form in new[] { "float16", "bfloat16" })
        {
            using var scope = NewDisposeScope();
            using var model = SequenceClassification.Open(Path.Combine(forms, form), ModelSettings.Evaluation);
            var expected = SafetensorsFile.Open(Path.Combine(forms, form, "golden.safetensors")).Single().Read();

            Assert.InRange(Golden.Distance(expected, model.call(new Golden(Plain).Batch(0))), 0, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Shards_give_the_same_logits_as_one_file(string forms)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceClassification.Open(Path.Combine(forms, "sharded"), ModelSettings.Evaluation);

        Assert.InRange(Golden.Distance(new Golden(Plain)["logits"], model.call(new Golden(Plain).Batch(0))), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Of_an_encoder_alone_the_classifier_starts_new_and_is_reported(string forms)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(Plain);
        var folder = Path.Combine(forms, "encoder-only");
        using var model = SequenceClassification.Open(folder, new() { Seed = 3 });
        using var again = SequenceClassification.Open(folder, new() { Seed = 3 });
        using var other = SequenceClassification.Open(folder, new() { Seed = 4 });
        var batch = golden.Batch(0);

        Assert.Equal(["classifier.bias", "classifier.weight"], model.NewWeights.Order());
        Assert.InRange(Golden.Distance(golden["pooled"], model.Pool(model.Encoder.call(batch), batch)), 0, 1e-4);
        Assert.Equal(0, Golden.Distance(model.call(batch), again.call(batch)));
        Assert.NotEqual(0, Golden.Distance(model.call(batch), other.call(batch)));
    }

    [Fact]
    public void The_names_gamma_and_beta_of_norms_are_understood()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Plain, "config.json"), folder["config.json"]);
        SafetensorsFile.Write(
            folder["model.safetensors"],
            SafetensorsFile
                .Open(Path.Combine(Plain, "model.safetensors"))
                .Select(t =>
                    (
                        t.Name.Replace("LayerNorm.weight", "LayerNorm.gamma")
                            .Replace("LayerNorm.bias", "LayerNorm.beta"),
                        t.Read()
                    )
                )
        );
        using var model = SequenceClassification.Open(folder.Path, ModelSettings.Evaluation);

        Assert.InRange(Golden.Distance(new Golden(Plain)["logits"], model.call(new Golden(Plain).Batch(0))), 0, 1e-4);
    }
}
