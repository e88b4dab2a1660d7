using TorchSharp;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>A question with a stretch of context, and where the answer stands in it.</summary>
/// <param name="First">The place of the answer's first token; 0, the sequence's first, where the answer is not inside.</param>
/// <param name="Last">The place of its last token.</param>
public sealed record AnsweredWindow(TokenSequence Tokens, int First, int Last);

/// <summary>Learns where answers begin and end.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="selection">The windows whose loss chooses the weights; null for none.</param>
public sealed class AnswerTask(
    QuestionAnswering model,
    DropoutMasks masks,
    int padId,
    IReadOnlyList<AnsweredWindow> train,
    IReadOnlyList<AnsweredWindow>? selection = null
) : ITrainingTask
{
    private const int ScoringBatch = 32;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. train.Select(window => window.Tokens.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        masks.Begin(update);
        return Loss([.. rows.Select(row => train[row])]);
    }

    public double? Score(CancellationToken stop)
    {
        if (selection is null)
            return null;

        var loss = 0.0;
        foreach (var windows in selection.OrderBy(window => window.Tokens.Length).Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var mean = Loss(windows);
            loss += mean.item<float>() * (double)windows.Length;
        }
        return -loss / selection.Count;
    }

    private Tensor Loss(AnsweredWindow[] windows)
    {
        using var scope = NewDisposeScope();
        var device = model.Encoder.Device;
        var logits = model.call(TokenBatch.Of([.. windows.Select(window => window.Tokens)], padId, device));
        var starts = tensor(windows.Select(window => (long)window.First).ToArray(), device: device);
        var ends = tensor(windows.Select(window => (long)window.Last).ToArray(), device: device);
        return model.Loss(logits, starts, ends).MoveToOuterDisposeScope();
    }
}
