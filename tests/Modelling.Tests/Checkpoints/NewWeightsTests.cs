using System.Text.Json.Nodes;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_weights_start_new
{
    private static readonly BertConfig Small = new()
    {
        VocabularySize = 200,
        Width = 64,
        Blocks = 2,
        Heads = 4,
        FeedForwardWidth = 128,
        MaxTokens = 32,
    };

    [Fact]
    public void They_are_drawn_as_BERT_draws_them()
    {
        using var scope = NewDisposeScope();
        using var model = MaskedLanguageModel.Create(Small, new() { Seed = 13 });
        Assert.Equal(model.NewWeights.Count, model.named_parameters().Count());

        foreach (var (name, weights) in model.named_parameters())
            if (name.EndsWith("bias"))
                Assert.Equal(0, weights.abs().max().item<float>());
            else if (name.EndsWith("norm.weight"))
                Assert.Equal(0, weights.sub(1).abs().max().item<float>());
            else
            {
                Assert.Equal(0.02, weights.std().item<float>(), 0.003);
                Assert.Equal(0, weights.mean().item<float>(), 0.003);
            }
        Assert.Equal(0, model.Encoder.Words[0].abs().max().item<float>());
        Assert.NotEqual(0, model.Encoder.Words[1].abs().max().item<float>());
    }

    [Fact]
    public void They_depend_on_the_seed_and_not_on_the_process_wide_generator()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var before = get_rng_state();
        using var one = MaskedLanguageModel.Create(Small, new() { Seed = 13 });
        Assert.True(before.equal(get_rng_state()).all().item<bool>());
        manual_seed(2);
        using var same = MaskedLanguageModel.Create(Small, new() { Seed = 13 });
        using var other = MaskedLanguageModel.Create(Small, new() { Seed = 14 });

        Assert.Equal(0, Golden.Distance(one.Encoder.Words, same.Encoder.Words));
        Assert.NotEqual(0, Golden.Distance(one.Encoder.Words, other.Encoder.Words));
    }

    [Fact]
    public void All_do_where_that_is_asked_for_whatever_the_checkpoint_holds()
    {
        using var scope = NewDisposeScope();
        var folder = GoldenFolders.Of("bert-sequence-classification")[0];
        using var pretrained = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        using var random = SequenceClassification.Open(folder, new() { FromScratch = true, Seed = 13 });

        Assert.Equal(random.named_parameters().Count(), random.NewWeights.Count);
        Assert.NotEqual(0, Golden.Distance(pretrained.Encoder.Words, random.Encoder.Words));
    }

    [Fact]
    public void A_new_configuration_saved_is_one_that_opens_again()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = MaskedLanguageModel.Create(Small, new() { Seed = 13 });

        model.Save(folder.Path);
        using var again = MaskedLanguageModel.Open(folder.Path, ModelSettings.Evaluation);

        Assert.Empty(again.NewWeights);
        var fixture = (JsonObject)
            JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFolders.Of("bert-masked-lm")[0], "config.json")))!;
        var saved = (JsonObject)JsonNode.Parse(File.ReadAllText(folder["config.json"]))!;
        Assert.Equal(["transformers_version"], fixture.Select(e => e.Key).Except(saved.Select(e => e.Key)));
    }
}
