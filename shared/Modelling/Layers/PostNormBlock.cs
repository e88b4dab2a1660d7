using TorchSharp.Utils;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>What one block is made of.</summary>
/// <param name="Activation">Its name in <c>config.json</c>.</param>
/// <param name="ScoreDropout">Rate of the attention's weights.</param>
/// <param name="AttendedDropout">Rate of what attention gives.</param>
/// <param name="WidenedDropout">Rate of what the feed-forward layer gives.</param>
internal sealed record BlockShape(
    long Width,
    long Heads,
    long FeedForwardWidth,
    string Activation,
    double LayerNormEpsilon,
    double ScoreDropout,
    double AttendedDropout,
    double WidenedDropout
);

/// <summary>Attention, then feed-forward; each added to its input and normalised after.</summary>
internal sealed class PostNormBlock : Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "attention")]
    private readonly SelfAttention _attention;

    [ComponentName(Name = "attended_dropout")]
    private readonly Dropout _attendedDropout;

    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "feed_forward")]
    private readonly FeedForward _feedForward;

    [ComponentName(Name = "widened_dropout")]
    private readonly Dropout _widenedDropout;

    [ComponentName(Name = "feed_forward_norm")]
    private readonly LayerNorm _feedForwardNorm;

    public PostNormBlock(BlockShape shape, DropoutMasks? masks)
        : base(nameof(PostNormBlock))
    {
        _attention = new(shape.Width, shape.Heads, new(shape.ScoreDropout, masks));
        _attendedDropout = new(shape.AttendedDropout, masks);
        _attentionNorm = new(shape.Width, shape.LayerNormEpsilon);
        _feedForward = new(shape.Width, shape.FeedForwardWidth, ActivationFunctions.ByName[shape.Activation]);
        _widenedDropout = new(shape.WidenedDropout, masks);
        _feedForwardNorm = new(shape.Width, shape.LayerNormEpsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor? mask) // (B, T, D), (B, 1, 1, T)
    {
        using var scope = NewDisposeScope();

        var attended = _attentionNorm.call(
            _attendedDropout.call(_attention.call(hidden, mask)).add_(hidden, Scalars.One)
        );
        return _feedForwardNorm
            .call(_widenedDropout.call(_feedForward.call(attended)).add_(attended, Scalars.One))
            .MoveToOuterDisposeScope();
    }
}
