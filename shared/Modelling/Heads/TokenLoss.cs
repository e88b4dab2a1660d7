using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Heads;

/// <summary>The loss of heads that answer for each token.</summary>
internal static class TokenLoss
{
    /// <summary>The label of tokens that no loss is taken of.</summary>
    public const long Ignored = -100;

    /// <summary>Mean cross-entropy over the tokens whose label is not <see cref="Ignored"/>.</summary>
    /// <param name="logits">(…, classes).</param>
    /// <param name="labels">Class numbers, (…), int64.</param>
    public static Tensor Of(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var flat = logits.flatten(0, -2);
        return functional.cross_entropy(flat, labels.flatten(), ignore_index: Ignored).MoveToOuterDisposeScope();
    }
}
