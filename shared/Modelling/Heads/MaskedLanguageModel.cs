using System.Diagnostics;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Heads;

/// <summary>
/// The token that each position hides: (B, T) → (B, T, vocabulary); its decoder is the matrix of the word embeddings.
/// </summary>
public sealed class MaskedLanguageModel : Module<TokenBatch, Tensor>
{
    /// <summary>The label of positions that no loss is taken of.</summary>
    public const long Ignored = TokenLoss.Ignored;

    private readonly ConfigFile _config;
    private readonly DecoderConfig _layout;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    [ComponentName(Name = "decoder")]
    private readonly TiedDecoder _decoder;

    private MaskedLanguageModel(ConfigFile config, Encoder encoder, DecoderConfig layout)
        : base(nameof(MaskedLanguageModel))
    {
        _config = config;
        _encoder = encoder;
        _layout = layout;
        _decoder = new(encoder, layout);
        RegisterComponents();
    }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that it lacked and that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    /// <summary>Those of the head among them.</summary>
    public IEnumerable<string> NewHeadWeights =>
        NewWeights.Where(name => name.StartsWith(_layout.Group, StringComparison.Ordinal));

    internal WeightNames Names =>
        _encoder.Names.Below("encoder.", _encoder.Prefix).And(TiedDecoder.Names("decoder", _layout));

    /// <summary>The model in a folder in Hugging Face layout; the head starts new where the checkpoint has none.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static MaskedLanguageModel Open(string folder, ModelSettings settings)
    {
        var config = ConfigFile.Open(folder);
        var model = Upon(Encoders.Create(config, settings), config);
        return WeightLoading.Opened(
            model,
            opened =>
                opened.NewWeights = WeightLoading.Load(
                    opened,
                    opened.Names,
                    opened._encoder,
                    folder,
                    [opened._layout.Group],
                    [],
                    settings
                )
        );
    }

    /// <summary>A model that no checkpoint stands behind: every weight is drawn from the settings' seed.</summary>
    public static MaskedLanguageModel Create(BertConfig config, ModelSettings settings)
    {
        var model = Upon(new Bert(config, settings), new());
        model.NewWeights = WeightLoading.DrawAll(model, model.Names, model._encoder, settings);
        return model;
    }

    private static MaskedLanguageModel Upon(Encoder encoder, ConfigFile config)
    {
        if (encoder.Head.MaskedDecoder is { } layout)
            return new(config, encoder, layout);
        encoder.Dispose();
        config.Refuse("model_type", "an architecture that learns masked tokens");
        config.ThrowIfBad();
        throw new UnreachableException();
    }

    public override Tensor forward(TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        return _decoder.call(_encoder.call(batch), _encoder.Words).MoveToOuterDisposeScope();
    }

    /// <summary>The same for the given positions of the flattened batch alone, which saves most of the decoder's work.</summary>
    /// <param name="positions">row · T + column, (N), int64.</param>
    public Tensor At(TokenBatch batch, Tensor positions) // (N, vocabulary)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.call(batch).flatten(0, 1).index_select(0, positions);
        return _decoder.call(hidden, _encoder.Words).MoveToOuterDisposeScope();
    }

    /// <summary>Logits of tokens whose vectors the encoder has given.</summary>
    public Tensor Decode(Tensor hidden) => _decoder.call(hidden, _encoder.Words); // (…, D) → (…, vocabulary)

    /// <summary>Mean cross-entropy over the positions whose label is not <see cref="Ignored"/>.</summary>
    /// <param name="logits">(…, vocabulary).</param>
    /// <param name="labels">Token ids, (…), int64.</param>
    public Tensor Loss(Tensor logits, Tensor labels) => TokenLoss.Of(logits, labels);

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}ForMaskedLM");
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
