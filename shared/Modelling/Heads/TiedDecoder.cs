using TorchSharp.Modules;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using LayerNorm = TransferPipeline.Modelling.Layers.LayerNorm;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Heads;

/// <summary>Turns tokens' vectors into logits of the vocabulary by the matrix of the word embeddings.</summary>
internal sealed class TiedDecoder : Module<Tensor, Tensor, Tensor>, IMultiplier
{
    private readonly DecoderConfig _layout;

    [ComponentName(Name = "transform")]
    private readonly Linear _transform;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    public TiedDecoder(Encoder encoder, DecoderConfig layout)
        : base(nameof(TiedDecoder))
    {
        _layout = layout;
        _transform = new(encoder.Width, encoder.Width);
        _norm = new(encoder.Width, layout.LayerNormEpsilon);
        _bias = new(empty(encoder.VocabularySize));
        RegisterComponents();
    }

    /// <summary>Rows of the table of names for a decoder that its head calls so.</summary>
    public static (string Here, string There)[] Names(string here, DecoderConfig layout) =>
        [($"{here}.transform", layout.Transform), ($"{here}.norm", layout.Norm), (here, layout.Bias)];

    public bool InBf16 { private get; set; }

    /// <param name="words">The word embeddings, (vocabulary, D).</param>
    public override Tensor forward(Tensor hidden, Tensor words) // (…, D) → (…, vocabulary)
    {
        using var scope = NewDisposeScope();
        var transformed = _norm.call(_layout.Activation(_transform.call(hidden)));
        return LinearMap.Of(transformed, words, _bias, InBf16).MoveToOuterDisposeScope();
    }
}
