using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Tests.Training;

/// <summary>A classifier of three labels, and sequences of unequal length that it learns.</summary>
internal static class EightSequences
{
    private static readonly TokenSequence[] Tokens = Draw();

    /// <summary>Of each sequence.</summary>
    public static IReadOnlyList<int> Labels { get; } = [.. Tokens.Select(sequence => sequence.Ids[1] % 3)];

    public static (SequenceClassification Model, SequenceTask Task) Open(
        string folder,
        double dropout,
        IReadOnlyList<float>? weights = null,
        ClassificationLoss? loss = null
    )
    {
        var masks = new DropoutMasks(13);
        var model = SequenceClassification.Open(folder, new ModelSettings { Masks = masks, Dropout = dropout });
        var examples = new TrainingExamples(Tokens, [.. Labels.Select(label => (float)label)], weights);
        return (model, new SequenceTask(model, masks, padId: 0, examples, variant: loss));
    }

    private static TokenSequence[] Draw()
    {
        var random = new CounterRandom(13, "examples");
        return
        [
            .. new[] { 4, 9, 6, 12, 7, 5, 3, 8 }.Select(length => new TokenSequence(
                [.. Enumerable.Range(0, length).Select(_ => 5 + random.NextInt(200))],
                length
            )),
        ];
    }
}
