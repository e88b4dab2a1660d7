using System.Diagnostics;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Heads;

/// <summary>
/// The token that follows each one: (B, T) → (B, T, vocabulary); its decoder is the matrix of the word embeddings.
/// </summary>
public sealed class CausalLanguageModel : Module<TokenBatch, Tensor>, IMultiplier
{
    /// <summary>The label of tokens that no loss is taken of.</summary>
    public const long Ignored = TokenLoss.Ignored;

    private readonly ConfigFile _config;
    private readonly string _architecture;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    private bool _inBf16;

    private CausalLanguageModel(ConfigFile config, Encoder encoder, string architecture)
        : base(nameof(CausalLanguageModel))
    {
        _config = config;
        _architecture = architecture;
        _encoder = encoder;
        RegisterComponents();
    }

    public Encoder Encoder => _encoder;

    bool IMultiplier.InBf16
    {
        set => _inBf16 = value;
    }

    internal WeightNames Names => _encoder.Names.Below("encoder.", _encoder.Prefix);

    /// <summary>The model in a folder in Hugging Face layout.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static CausalLanguageModel Open(string folder, ModelSettings settings)
    {
        var config = ConfigFile.Open(folder);
        var model = Upon(Encoders.Create(config, settings), config);
        return WeightLoading.Opened(
            model,
            opened => WeightLoading.Load(opened, opened.Names, opened._encoder, folder, [], [], settings)
        );
    }

    private static CausalLanguageModel Upon(Encoder encoder, ConfigFile config)
    {
        if (encoder.Head.CausalArchitecture is { } architecture)
            return new(config, encoder, architecture);
        encoder.Dispose();
        config.Refuse("model_type", "an architecture that learns the next token");
        config.ThrowIfBad();
        throw new UnreachableException();
    }

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, vocabulary)
    {
        using var scope = NewDisposeScope();
        return Decode(_encoder.call(batch)).MoveToOuterDisposeScope();
    }

    /// <summary>The same for what follows the given positions of the flattened batch alone.</summary>
    /// <param name="positions">row · T + column, (N), int64.</param>
    public Tensor At(TokenBatch batch, Tensor positions) // (N, vocabulary)
    {
        using var scope = NewDisposeScope();
        var hidden = _encoder.call(batch).flatten(0, 1).index_select(0, positions);
        return Decode(hidden).MoveToOuterDisposeScope();
    }

    private Tensor Decode(Tensor hidden) => LinearMap.Of(hidden, _encoder.Words, null, _inBf16); // (…, D) → (…, vocabulary)

    /// <summary>Mean cross-entropy of each token but the first, which nothing foretells.</summary>
    /// <param name="logits">(B, T, vocabulary).</param>
    /// <param name="labels">The batch's own ids, <see cref="Ignored"/> where no loss is taken, (B, T), int64.</param>
    public Tensor Loss(Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var foretold = logits.narrow(1, 0, logits.size(1) - 1); // (B, T - 1, vocabulary)
        var next = labels.narrow(1, 1, labels.size(1) - 1);
        return TokenLoss.Of(foretold, next).MoveToOuterDisposeScope();
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture(_architecture);
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
