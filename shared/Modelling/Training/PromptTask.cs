using TorchSharp;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Prompting;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Texts or pairs and their label numbers.</summary>
/// <param name="Weights">Of each in the loss; null where all are 1.</param>
public sealed record PromptExamples(
    IReadOnlyList<ModelText> Texts,
    IReadOnlyList<float> Targets,
    IReadOnlyList<float>? Weights = null
)
{
    /// <summary>The examples of these numbers, in that order; a number may stand there twice.</summary>
    public PromptExamples Select(IReadOnlyList<int> rows) =>
        new(
            [.. rows.Select(row => Texts[row])],
            [.. rows.Select(row => Targets[row])],
            Weights is null ? null : [.. rows.Select(row => Weights[row])]
        );
}

/// <summary>
/// Prompt-based fine-tuning (Gao et al. 2021, LM-BFF): cross-entropy over the labels' words at the place of the mask.
/// </summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="selection">The examples that choose the weights; null for none.</param>
/// <param name="selectBy"><c>accuracy</c>, <c>f1</c>, <c>macroF1</c>, <c>matthews</c> or <c>loss</c>.</param>
/// <param name="variant">What is added to cross-entropy while training; null: nothing.</param>
public sealed class PromptTask(
    PromptModel model,
    DropoutMasks masks,
    PromptedTexts prompts,
    PromptExamples train,
    PromptExamples? selection = null,
    string selectBy = "accuracy",
    ClassificationLoss? variant = null
) : ITrainingTask
{
    private const int ScoringBatch = 64;

    private readonly ClassificationLoss _loss = variant ?? new();

    public nn.Module Model => model.Model;

    /// <summary>Without demonstrations, which are drawn anew at every update.</summary>
    public IReadOnlyList<int> Lengths { get; } = [.. train.Texts.Select(text => prompts.Plain(text).Tokens.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        PromptedText[] read = [.. rows.Select(row => prompts.Trained(train.Texts[row], row, update))];
        var targets = tensor(rows.Select(row => (long)train.Targets[row]).ToArray(), device: model.Encoder.Device);
        var weights = train.Weights is { } all
            ? tensor(rows.Select(row => all[row]).ToArray(), device: model.Encoder.Device)
            : null;
        return _loss
            .OfPasses(() => Logits(read), logits => _loss.Of(logits, targets, weights))
            .MoveToOuterDisposeScope();
    }

    public double? Score(CancellationToken stop)
    {
        if (selection is null)
            return null;

        using var scope = NewDisposeScope();
        var logits = tensor(MeanLogits(selection.Texts, stop), [selection.Texts.Count, prompts.WordIds.Count]);
        var truth = selection.Targets.Select(target => (int)target).ToArray();
        return selectBy == "loss"
            ? -nn.functional.cross_entropy(logits, tensor(Array.ConvertAll(truth, label => (long)label))).item<float>()
            : SelectionScore.Of(
                selectBy,
                truth,
                [.. logits.argmax(1).data<long>().ToArray().Select(label => (int)label)],
                prompts.WordIds.Count
            );
    }

    /// <summary>Of each text over its sets of demonstrations, row by row.</summary>
    private float[] MeanLogits(IReadOnlyList<ModelText> texts, CancellationToken stop)
    {
        var labels = prompts.WordIds.Count;
        var means = new float[texts.Count * labels];
        var read = texts
            .SelectMany((text, row) => prompts.Scored(text).Select(one => (Row: row, Prompt: one)))
            .ToList();
        var sets = read.Count / texts.Count;
        foreach (var batch in read.OrderBy(one => one.Prompt.Tokens.Length).Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = Logits([.. batch.Select(one => one.Prompt)]).cpu().data<float>();
            for (var i = 0; i < batch.Length; i++)
            for (var label = 0; label < labels; label++)
                means[batch[i].Row * labels + label] += logits[i * labels + label] / sets;
        }
        return means;
    }

    private Tensor Logits(PromptedText[] read) =>
        model.Logits(
            TokenBatch.Of([.. read.Select(one => one.Tokens)], prompts.PadId, model.Encoder.Device),
            read.Select(one => one.Place),
            prompts.WordIds
        );
}
