using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>How well a language model foretold one text.</summary>
/// <param name="Loss">Sum of the tokens' cross-entropies, in nats.</param>
/// <param name="Tokens">How many were foretold.</param>
/// <param name="Right">How many of them were thought the most probable.</param>
public sealed record ForetoldText(double Loss, int Tokens, int Right);

/// <summary>
/// A language model in a folder in Hugging Face layout. A causal one foretells every token but the first; a masked one 15 %
/// of the tokens, chosen and hidden by the text's content alone.
/// </summary>
public sealed class LanguageReader : IDisposable
{
    private const double MaskRate = 0.15;
    private const int BatchSize = 32;

    private readonly nn.Module _model;
    private readonly Func<IReadOnlyList<ModelText>, IEnumerable<ForetoldText>> _read;
    private readonly ComputeOptions _compute;

    private LanguageReader(
        nn.Module model,
        Func<IReadOnlyList<ModelText>, IEnumerable<ForetoldText>> read,
        ComputeOptions compute
    ) => (_model, _read, _compute) = (model, read, compute);

    /// <summary>Whether it foretells every token but the first.</summary>
    public bool Causal => _model is CausalLanguageModel;

    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static LanguageReader Open(string folder, ComputeOptions? compute = null)
    {
        ModelHeads.Refuse(folder, ModelHead.Tokens);
        var tokenizer = Tokenizers.Open(folder);
        compute ??= ComputeOptions.AllProcessors;
        if (ConfigFile.Open(folder).Text("model_type") == "gpt2")
        {
            var causal = CausalLanguageModel.Open(folder, compute.Evaluation);
            causal.eval();
            return new(causal, texts => ReadNext(causal, tokenizer, texts), compute);
        }

        var masked = MaskedLanguageModel.Open(folder, compute.Evaluation);
        if (masked.NewWeights.Count > 0 || tokenizer.MaskId is null)
        {
            masked.Dispose();
            throw new BadInputException(
                $"{folder}: no trained language model; {string.Join(", ", masked.NewWeights)} missing."
            );
        }
        masked.eval();
        return new(masked, texts => ReadMasked(masked, tokenizer, texts), compute);
    }

    /// <summary>The texts in their order; the batch never changes a row.</summary>
    public IReadOnlyList<ForetoldText> Read(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        _compute.Apply();
        using var none = no_grad();
        var foretold = new List<ForetoldText>(texts.Count);
        foreach (var some in texts.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            foretold.AddRange(_read(some));
        }
        return foretold;
    }

    private static IEnumerable<ForetoldText> ReadNext(
        CausalLanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<ModelText> texts
    )
    {
        var longest = Math.Min(tokenizer.ModelMaxTokens, model.Encoder.MaxTokens);
        TokenSequence[] sequences = [.. texts.Select(text => tokenizer.Encode(text.First, text.Second, longest))];
        var length = sequences.Max(sequence => sequence.Length);
        if (length < 2)
            return texts.Select(_ => new ForetoldText(0, 0, 0));
        var batch = TokenBatch.Of(sequences, tokenizer.PadId, model.Encoder.Device);
        var logits = model.call(batch).narrow(1, 0, length - 1); // (B, T - 1, vocabulary)
        var (losses, right) = Foretell(logits.flatten(0, 1), batch.Ids.narrow(1, 1, length - 1).flatten());
        return sequences.Select(
            (sequence, row) => Sum(losses, right, row * (length - 1), Math.Max(0, sequence.Length - 1))
        );
    }

    private static IEnumerable<ForetoldText> ReadMasked(
        MaskedLanguageModel model,
        ITokenizer tokenizer,
        IReadOnlyList<ModelText> texts
    )
    {
        var corruption = new MaskedTokens(
            MaskRate,
            tokenizer.MaskId!.Value,
            tokenizer.VocabularySize,
            tokenizer.SpecialIds
        );
        var longest = Math.Min(tokenizer.ModelMaxTokens, model.Encoder.MaxTokens);
        var hidden = texts
            .Select(text =>
            {
                var sequence = tokenizer.Encode(text.First, text.Second, longest);
                var ids = sequence.Ids.ToArray();
                var labels = corruption.Corrupt(ids, Random(text));
                return (Sequence: sequence with { Ids = ids }, Labels: labels);
            })
            .ToList();
        var length = hidden.Max(text => text.Sequence.Length);
        var places = hidden
            .SelectMany(
                (text, row) =>
                    Enumerable
                        .Range(0, text.Labels.Length)
                        .Where(i => text.Labels[i] != MaskedTokens.Ignored)
                        .Select(i => (Place: (long)row * length + i, Label: text.Labels[i]))
            )
            .ToList();
        if (places.Count == 0)
            return texts.Select(_ => new ForetoldText(0, 0, 0));

        var batch = TokenBatch.Of([.. hidden.Select(text => text.Sequence)], tokenizer.PadId, model.Encoder.Device);
        var logits = model.At(batch, tensor(places.Select(place => place.Place).ToArray(), device: batch.Ids.device));
        var (losses, right) = Foretell(
            logits,
            tensor(places.Select(place => place.Label).ToArray(), device: batch.Ids.device)
        );
        var start = 0;
        return hidden
            .Select(text =>
            {
                var count = text.Labels.Count(label => label != MaskedTokens.Ignored);
                start += count;
                return Sum(losses, right, start - count, count);
            })
            .ToList();
    }

    private static (float[] Losses, bool[] Right) Foretell(Tensor logits, Tensor labels) =>
        (
            nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None).cpu().data<float>().ToArray(),
            logits.argmax(-1).eq(labels).cpu().data<bool>().ToArray()
        );

    private static ForetoldText Sum(float[] losses, bool[] right, int start, int count) =>
        new(
            losses.AsSpan(start, count).ToArray().Sum(loss => (double)loss),
            count,
            right.AsSpan(start, count).Count(true)
        );

    private static CounterRandom Random(ModelText text)
    {
        var content = TextFingerprint.Of(text.First, text.Second);
        return new CounterRandom(0, "scored tokens", (long)(ulong)content);
    }

    public void Dispose() => _model.Dispose();
}
