using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>Gradients of a classifier's loss by the word vectors of its tokens.</summary>
internal static class InputGradients
{
    /// <summary>For each token of a text that is read, special ones left out.</summary>
    public static IReadOnlyList<TokenGradient> Of(
        SequenceClassification model,
        ITokenizer tokenizer,
        ModelText text,
        int maxTokens,
        ComputeOptions compute
    )
    {
        var first = tokenizer.Spans(text.First);
        var second = text.Second is null ? null : tokenizer.Spans(text.Second);
        var room = maxTokens - tokenizer.SpecialCount(second is not null);
        var (keepFirst, keepSecond) = second is null
            ? (Math.Min(first.Count, room), 0)
            : Truncation.Shares(first.Count, second.Count, room);
        var sequence = tokenizer.Wrap(
            [.. first.Take(keepFirst).Select(span => span.Id)],
            second is null ? null : [.. second.Take(keepSecond).Select(span => span.Id)]
        );
        var rows = Of(model, sequence, tokenizer.PadId, compute);
        // The second text's pieces end before the one special token at the end.
        var secondFrom = sequence.Length - (tokenizer.SpecialCount(pair: false) - tokenizer.SpecialBefore) - keepSecond;
        return
        [
            .. first
                .Take(keepFirst)
                .Select((span, at) => new TokenGradient(0, span, rows[tokenizer.SpecialBefore + at])),
            .. (second ?? []).Take(keepSecond).Select((span, at) => new TokenGradient(1, span, rows[secondFrom + at])),
        ];
    }

    /// <summary>For each token of a sequence, (T, D).</summary>
    public static float[][] Of(
        SequenceClassification model,
        TokenSequence sequence,
        int padId,
        ComputeOptions compute,
        int? label = null
    )
    {
        compute.Apply();
        using var gradients = enable_grad();
        using var scope = NewDisposeScope();
        var device = model.Encoder.Device;
        var plain = TokenBatch.Of([sequence], padId, device);
        var shift = zeros([1, sequence.Length, model.Encoder.Width], device: device, requires_grad: true);
        var logits = model.call(plain.ShiftedBy(shift)); // (1, labels)
        var labels = label is { } known ? tensor([(long)known], device: device) : logits.argmax(1).detach();
        var loss = nn.functional.cross_entropy(logits, labels);
        var rows = autograd.grad([loss], [shift])[0].to(ScalarType.Float32).cpu(); // (1, T, D)
        return [.. rows.data<float>().ToArray().Chunk(model.Encoder.Width)];
    }
}
