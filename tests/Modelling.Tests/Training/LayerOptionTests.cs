using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_layers_are_treated_differently
{
    private static readonly TrainingPlan Plan = new(
        Updates: 3,
        Batch: 4,
        LearningRate: 1e-3,
        new AdamWOptions(ClipNorm: 0),
        WarmUp: 0
    );

    public static TheoryData<string> Architectures => Golden.Heads("sequence-classification");

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_parameter_has_a_depth(string folder)
    {
        using var model = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        Assert.Equal(3, ParameterDepth.Blocks(model));

        var depths = model
            .named_parameters()
            .ToLookup(entry => ParameterDepth.Of(entry.name, 3), entry => model.Names.InCheckpoint(entry.name));
        Assert.Equal([0, 1, 2, 3, 4], depths.Select(depth => depth.Key).Order());
        Assert.All(depths[0], name => Assert.Matches("embeddings|wte|wpe", name));
        Assert.All(depths[2], name => Assert.Matches(@"(layer|h)\.1\.", name));
        Assert.All(depths[4], name => Assert.Matches("classifier|pooler|score|ln_f", name));
    }

    [Fact]
    public void Frozen_blocks_and_embeddings_stay_as_they_are()
    {
        var (before, after) = Train(model => ParameterDepth.Freeze(model, 2), Plan);

        foreach (var (name, weights) in after)
            if (!name.EndsWith("key.bias")) // no gradient but noise
                Assert.Equal(ParameterDepth.Of(name, 3) > 2, !weights.AsSpan().SequenceEqual(before[name]));
    }

    [Fact]
    public void The_first_update_of_a_lower_block_is_smaller_by_the_factor()
    {
        // Adam's first update has the size of the rate, whatever the gradient.
        var (before, after) = Train(
            _ => { },
            Plan with
            {
                Updates = 1,
                LayerDecay = 0.5,
                Optimiser = new(0, ClipNorm: 0),
            }
        );

        foreach (
            var (name, rate) in new[]
            {
                ("classifier.weight", 1e-3),
                ("encoder.blocks.0.feed_forward.wide.weight", 1e-3 / 8),
            }
        )
        {
            var largest = before[name].Zip(after[name], (was, now) => Math.Abs(was - now)).Max();
            Assert.InRange(largest, 0.99 * rate, 1.01 * rate);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Gradients_of_parts_add_up_to_those_of_the_batch(int parts)
    {
        var whole = Train(_ => { }, Plan).After;
        var divided = Train(_ => { }, Plan with { Parts = parts }).After;

        foreach (var (name, weights) in whole)
            if (!name.EndsWith("key.bias")) // noise that Adam scales up
                Assert.All(weights.Zip(divided[name]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Top_blocks_start_new_and_the_others_do_not()
    {
        var folder = GoldenFolders.Of("bert-sequence-classification")[0];
        using var stored = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        using var renewed = SequenceClassification.Open(folder, new ModelSettings { NewTopBlocks = 1, Seed = 7 });

        Assert.All(renewed.NewWeights, name => Assert.StartsWith("bert.encoder.layer.2.", name));
        var there = Weights(stored);
        foreach (var (name, weights) in Weights(renewed))
            if (name.Contains("weight") && !name.Contains("norm"))
                Assert.Equal(ParameterDepth.Of(name, 3) != 3, weights.AsSpan().SequenceEqual(there[name]));
    }

    private static (Dictionary<string, float[]> Before, Dictionary<string, float[]> After) Train(
        Action<nn.Module> prepare,
        TrainingPlan plan
    )
    {
        using var scope = NewDisposeScope();
        var folder = GoldenFolders.Of("bert-sequence-classification")[0];
        using var model = SequenceClassification.Open(folder, new ModelSettings { Masks = new DropoutMasks(1) });
        prepare(model);
        var before = Weights(model);
        TokenSequence[] texts = [.. Enumerable.Range(0, 4).Select(row => new TokenSequence([2, 10 + row, 20, 3], 4))];
        var task = new SequenceTask(model, new DropoutMasks(1), 0, new TrainingExamples(texts, [0, 1, 2, 1]));
        new TrainingLoop(task, plan, new KeptCheckpoints()).Run(default);
        return (before, Weights(model));
    }

    private static Dictionary<string, float[]> Weights(nn.Module model) =>
        model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.data<float>().ToArray());
}
