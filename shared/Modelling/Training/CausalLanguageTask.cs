using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Learns each next token of blocks that are full.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="heldOut">Blocks to measure on.</param>
public sealed class CausalLanguageTask(
    CausalLanguageModel model,
    DropoutMasks masks,
    IReadOnlyList<int[]> blocks,
    IReadOnlyList<int[]> heldOut
) : ILanguageTask
{
    private const int ScoringBatch = 16;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. blocks.Select(block => block.Length)];

    /// <summary>
    /// All texts one after the other with an end between (Radford et al. 2019), cut into blocks of so many tokens; what is
    /// left over is dropped unless it is all there is.
    /// </summary>
    public static IReadOnlyList<int[]> Pack(IEnumerable<IEnumerable<int>> texts, int end, int length)
    {
        var blocks = texts.SelectMany(text => text.Append(end)).Chunk(length).ToList();
        if (blocks.Count > 1 && blocks[^1].Length < length)
            blocks.RemoveAt(blocks.Count - 1);
        return blocks;
    }

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        var batch = Batch([.. rows.Select(row => blocks[row])]);
        return model.Loss(model.call(batch), batch.Ids).MoveToOuterDisposeScope();
    }

    /// <summary>No split is selected on.</summary>
    public double? Score(CancellationToken stop) => null;

    public LanguageScore Measure(CancellationToken stop)
    {
        using var none = no_grad();
        model.eval();
        var tally = new LanguageTally();
        // Blocks of one batch are of one length: the last may be shorter.
        var measured = (heldOut.Count > 0 ? heldOut : blocks).GroupBy(block => block.Length);
        foreach (var some in measured.SelectMany(same => same.Chunk(ScoringBatch)))
        {
            stop.ThrowIfCancellationRequested();
            if (some[0].Length < 2)
                continue;
            using var scope = NewDisposeScope();
            var batch = Batch(some);
            var logits = model.call(batch); // (B, T, vocabulary)
            var foretold = logits.narrow(1, 0, logits.size(1) - 1).flatten(0, 1);
            tally.Add(model.Loss(logits, batch.Ids), foretold, batch.Ids.narrow(1, 1, batch.Length - 1).flatten());
        }
        return tally.Score();
    }

    private TokenBatch Batch(IReadOnlyList<int[]> some)
    {
        var ids = some.SelectMany(block => block.Select(id => (long)id)).ToArray();
        return new(tensor(ids, [some.Count, some[0].Length], device: model.Encoder.Device), present: null, types: null);
    }
}
