using System.Diagnostics;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Heads;

/// <summary>
/// BERT's pretraining (Devlin et al. 2019, section 3.1): the token that each position hides, and whether the second text
/// follows the first.
/// </summary>
public sealed class MaskedAndNextModel : Module<TokenBatch, (Tensor Tokens, Tensor Next)>
{
    /// <summary>The class of a second text that follows the first; 1 is that of a random one, as Transformers has it.</summary>
    public const long Follows = 0;

    private readonly ConfigFile _config;
    private readonly HeadConfig _layout;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly TiedDecoder _decoder;

    [ComponentName(Name = "pooler")]
    private readonly Linear _pooler;

    [ComponentName(Name = "next")]
    private readonly Linear _next;

    private MaskedAndNextModel(ConfigFile config, Encoder encoder)
        : base(nameof(MaskedAndNextModel))
    {
        _config = config;
        _layout = encoder.Head;
        _encoder = encoder;
        _decoder = new(encoder, _layout.MaskedDecoder!);
        _pooler = new(encoder.Width, encoder.Width);
        _next = new(encoder.Width, 2);
        RegisterComponents();
    }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that it lacked and that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    internal WeightNames Names =>
        _encoder
            .Names.Below("encoder.", _encoder.Prefix)
            .And([
                .. TiedDecoder.Names("decoder", _layout.MaskedDecoder!),
                ("pooler", _layout.Classifier.Pooler!),
                ("next", _layout.NextSentence!),
            ]);

    /// <summary>The model in a folder in Hugging Face layout; heads start new where the checkpoint has none.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static MaskedAndNextModel Open(string folder, ModelSettings settings)
    {
        var config = ConfigFile.Open(folder);
        var model = Upon(Encoders.Create(config, settings), config);
        string[] groups =
        [
            model._layout.MaskedDecoder!.Group,
            model._layout.Classifier.Pooler + ".",
            model._layout.NextSentence + ".",
        ];
        return WeightLoading.Opened(
            model,
            opened =>
                opened.NewWeights = WeightLoading.Load(
                    opened,
                    opened.Names,
                    opened._encoder,
                    folder,
                    groups,
                    [],
                    settings
                )
        );
    }

    private static MaskedAndNextModel Upon(Encoder encoder, ConfigFile config)
    {
        if (encoder.Head is { MaskedDecoder: not null, NextSentence: not null, Classifier.Pooler: not null })
            return new(config, encoder);
        encoder.Dispose();
        config.Refuse("model_type", "an architecture that learns which text follows another (bert)");
        config.ThrowIfBad();
        throw new UnreachableException();
    }

    /// <returns>(B, T, vocabulary) and (B, 2).</returns>
    public override (Tensor Tokens, Tensor Next) forward(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.call(batch);
        var tokens = _decoder.call(hidden, _encoder.Words);
        return (tokens.MoveToOuterDisposeScope(), Follow(hidden).MoveToOuterDisposeScope());
    }

    /// <summary>The same with the tokens at the given positions of the flattened batch alone.</summary>
    /// <param name="positions">row · T + column, (N), int64.</param>
    /// <returns>(N, vocabulary) and (B, 2).</returns>
    public (Tensor Tokens, Tensor Next) At(TokenBatch batch, Tensor positions)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.call(batch);
        var tokens = _decoder.call(hidden.flatten(0, 1).index_select(0, positions), _encoder.Words);
        return (tokens.MoveToOuterDisposeScope(), Follow(hidden).MoveToOuterDisposeScope());
    }

    private Tensor Follow(Tensor hidden) // (B, T, D) → (B, 2)
    {
        using var scope = NewDisposeScope();
        return _next.call(Pool(hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>What stands for each pair: (B, T, D) → (B, D).</summary>
    public Tensor Pool(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return _layout.Classifier.Activation(_pooler.call(hidden.select(1, 0))).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of both mean cross-entropies.</summary>
    /// <param name="labels">Token ids, <see cref="MaskedLanguageModel.Ignored"/> where no loss is taken, int64.</param>
    /// <param name="next"><see cref="Follows"/> or 1, (B), int64.</param>
    public Tensor Loss((Tensor Tokens, Tensor Next) logits, Tensor labels, Tensor next)
    {
        using var scope = NewDisposeScope();
        return TokenLoss
            .Of(logits.Tokens, labels)
            .add(functional.cross_entropy(logits.Next, next), Scalars.One)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}ForPreTraining");
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
