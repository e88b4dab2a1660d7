using TorchSharp;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>What a model is taught by texts without labels (Sohn et al. 2020, FixMatch; Xie et al. 2020, UDA).</summary>
/// <param name="Ratio">Texts for each labelled one of a batch.</param>
/// <param name="Weight">Of their loss.</param>
/// <param name="Threshold">Probability from which a text counts.</param>
/// <param name="Temperature">Sharpens the target; 0 for one label.</param>
/// <param name="Weak">Of the text whose probabilities are the target.</param>
/// <param name="Strong">Of the text that learns them.</param>
/// <param name="Shares">
/// Of each label in train: the probabilities are multiplied by them and divided by their mean over the batch (Berthelot et
/// al. 2020, whose mean runs over batches; over one it needs no memory). Null: they are not.
/// </param>
public sealed record ConsistencyOptions(
    int Ratio,
    double Weight,
    double Threshold,
    double Temperature,
    WordEdits Weak,
    WordEdits Strong,
    IReadOnlyList<float>? Shares = null
);

/// <summary>Learns labels, and that what it says of a text without one stays the same when words of it change.</summary>
/// <param name="labelled">The labelled part, of the same model and masks.</param>
public sealed class ConsistencyTask(
    SequenceTask labelled,
    SequenceClassification model,
    ITokenizer tokenizer,
    int maxTokens,
    IReadOnlyList<ModelText> pool,
    ConsistencyOptions options,
    long seed
) : ITrainingTask
{
    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths => labelled.Lengths;

    public double? Score(CancellationToken stop) => labelled.Score(stop);

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        var loss = labelled.Loss(rows, update);
        if (options.Weight == 0)
            return loss.MoveToOuterDisposeScope();

        var texts = Draw(rows.Count * options.Ratio, update);
        var targets = Targets(Encode(texts, "weak", options.Weak, update));
        var logits = model.call(Encode(texts, "strong", options.Strong, update));
        return loss.add(Loss(logits, targets), Scalars.Of(options.Weight)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean over all texts, those below the threshold included as 0.</summary>
    /// <param name="logits">Of the edited texts, (B, labels).</param>
    internal static Tensor Loss(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return targets.mul(logits.log_softmax(1)).sum(1).neg().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Probabilities that the edited texts should have, (B, labels); 0 throughout where the model is not sure.</summary>
    internal static Tensor Targets(Tensor logits, ConsistencyOptions options)
    {
        using var scope = NewDisposeScope();
        var p = logits.detach().softmax(1);
        if (options.Shares is not null)
        {
            p = p.mul(tensor(options.Shares.ToArray()).to(p.dtype, p.device)).div(p.mean([0L], keepdim: true));
            p = p.div(p.sum(1, keepdim: true));
        }
        var sure = p.amax([1L], keepdim: true).ge(Scalars.Of(options.Threshold)).to(p.dtype);
        if (options.Temperature == 0)
            p = nn.functional.one_hot(p.argmax(1), p.size(1)).to(p.dtype);
        else if (options.Temperature != 1)
        {
            p = p.pow(Scalars.Of(1 / options.Temperature));
            p = p.div(p.sum(1, keepdim: true));
        }
        return p.mul(sure).MoveToOuterDisposeScope();
    }

    private Tensor Targets(TokenBatch batch)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Targets(model.call(batch), options).MoveToOuterDisposeScope();
    }

    /// <summary>Texts of an update: with one draw each, so that the number of the update is all there is to know.</summary>
    private int[] Draw(int count, long update)
    {
        var random = new CounterRandom(seed, "unlabelled", update);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt(pool.Count))];
    }

    private TokenBatch Encode(int[] texts, string purpose, WordEdits edits, long update)
    {
        var random = new CounterRandom(seed, purpose, update);
        var tokens = texts
            .Select(text => edits.Apply(pool[text], random))
            .Select(text => tokenizer.Encode(text.First, text.Second, maxTokens));
        return TokenBatch.Of([.. tokens], tokenizer.PadId, model.Encoder.Device);
    }
}
