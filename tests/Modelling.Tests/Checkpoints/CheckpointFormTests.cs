using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_checkpoint_comes_in_another_form
{
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];

    /// <summary>Folders that hold what <see cref="Plain"/> holds.</summary>
    private static readonly string[] Equal = ["sharded", "bin-zip", "bin-legacy", "bin-strided", "bin-old-names"];

    private static readonly string[] Halves = ["float16", "bfloat16"];

    public static TheoryData<string> Forms => new(GoldenFolders.Of("checkpoint-forms"));

    [Theory]
    [MemberData(nameof(Forms))]
    public void Halves_give_the_logits_that_Transformers_computes_from_them(string forms)
    {
        foreach (var form in Halves)
        {
            using var scope = NewDisposeScope();
            using var model = SequenceClassification.Open(Path.Combine(forms, form), ModelSettings.Evaluation);
            var expected = SafetensorsFile.Open(Path.Combine(forms, form, "golden.safetensors")).Single().Read();

            Assert.InRange(Golden.Distance(expected, model.call(new Golden(Plain).Batch(0))), 0, 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Shards_pickles_strides_and_old_names_give_the_logits_of_one_safetensors_file(string forms)
    {
        foreach (var form in Equal)
        {
            using var scope = NewDisposeScope();
            using var model = SequenceClassification.Open(Path.Combine(forms, form), ModelSettings.Evaluation);

            Assert.Empty(model.NewWeights);
            Assert.InRange(
                Golden.Distance(new Golden(Plain)["logits"], model.call(new Golden(Plain).Batch(0))),
                0,
                1e-4
            );
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_is_opened_by_one_of_these_tests(string forms)
    {
        // GPT-2's are opened where its model is tested.
        string[] opened = [.. Equal, .. Halves, "encoder-only", "gpt2-original-names"];
        var refused = When_a_checkpoint_is_wrong.Refused().Select(row => "refused-" + row.Data.Item2);

        Assert.Empty(Directory.EnumerateDirectories(forms).Select(Path.GetFileName).Except(opened).Except(refused));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_names_of_the_first_GPT2_and_its_stored_masks_are_understood(string forms)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(GoldenFolders.Of("gpt2-causal-lm")[0]);
        using var model = CausalLanguageModel.Open(
            Path.Combine(forms, "gpt2-original-names"),
            ModelSettings.Evaluation
        );
        var batch = golden.Batch(0);

        Assert.InRange(Golden.Distance(golden["logits"], model.call(batch), batch.Present), 0, 1e-4);
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

    [Fact]
    public void A_pickle_may_come_in_shards()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var legacy = Path.Combine(GoldenFolders.Of("checkpoint-forms")[0], "bin-legacy");
        File.Copy(Path.Combine(legacy, "config.json"), folder["config.json"]);
        File.Copy(Path.Combine(legacy, "pytorch_model.bin"), folder["pytorch_model-00001-of-00001.bin"]);
        var names = TorchFile.Open(Path.Combine(legacy, "pytorch_model.bin")).Select(tensor => tensor.Name);
        var entries = names.Select(name => $"\"{name}\": \"pytorch_model-00001-of-00001.bin\"");
        folder.Write("pytorch_model.bin.index.json", $$"""{ "weight_map": { {{string.Join(", ", entries)}} } }""");
        using var model = SequenceClassification.Open(folder.Path, ModelSettings.Evaluation);

        Assert.InRange(Golden.Distance(new Golden(Plain)["logits"], model.call(new Golden(Plain).Batch(0))), 0, 1e-4);
    }

    [Theory]
    [InlineData("bert-masked-lm")]
    [InlineData("roberta-masked-lm")]
    [InlineData("distilbert-masked-lm")]
    [InlineData("gpt2-causal-lm")]
    public void A_pickle_holds_the_tensors_of_the_safetensors_beside_it(string kind)
    {
        var folders = GoldenFolders.Of(kind).Where(it => File.Exists(Path.Combine(it, "pytorch_model.bin"))).ToList();
        Assert.SkipWhen(folders.Count == 0, $"TRANSFER_FIXTURES names no folder with {kind} as a pickle.");

        using var scope = NewDisposeScope();
        var pickled = TorchFile.Open(Path.Combine(folders[0], "pytorch_model.bin")).ToDictionary(t => t.Name);
        foreach (var tensor in SafetensorsFile.Open(Path.Combine(folders[0], "model.safetensors")))
            Assert.Equal(0, Golden.Distance(tensor.Read(), pickled[tensor.Name].Read()));
    }

    [Fact]
    public void Safetensors_are_preferred_to_a_pickle_beside_them()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "config.json", "model.safetensors" })
            File.Copy(Path.Combine(Plain, name), folder[name]);
        folder.Write("pytorch_model.bin", "no checkpoint");

        using var model = SequenceClassification.Open(folder.Path, ModelSettings.Evaluation);

        Assert.Empty(model.NewWeights);
    }
}
