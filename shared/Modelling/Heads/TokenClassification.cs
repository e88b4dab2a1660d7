using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Dropout = TransferPipeline.Modelling.Layers.Dropout;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Heads;

/// <summary>One label for each token: (B, T) → (B, T, labels).</summary>
public sealed class TokenClassification : Module<TokenBatch, Tensor>
{
    /// <summary>The label of tokens that no loss is taken of.</summary>
    public const long Ignored = TokenLoss.Ignored;

    private const string Group = "classifier.";
    private readonly ConfigFile _config;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private TokenClassification(ConfigFile config, Encoder encoder, IReadOnlyList<string> labels, DropoutMasks? masks)
        : base(nameof(TokenClassification))
    {
        _config = config;
        _encoder = encoder;
        Labels = labels;
        _dropout = new(encoder.Head.TokenDropout, masks);
        _classifier = new(encoder.Width, labels.Count);
        RegisterComponents();
    }

    /// <summary>Names in output order.</summary>
    public IReadOnlyList<string> Labels { get; }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that it lacked and that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    internal WeightNames Names => _encoder.Names.Below("encoder.", _encoder.Prefix).And(("classifier", "classifier"));

    /// <summary>The model in a folder in Hugging Face layout; its own labels where none are given.</summary>
    /// <remarks>
    /// The classifier starts new where the checkpoint lacks it or tells other labels apart; generic names
    /// (<c>LABEL_0</c> …) pass for any labels of the same number.
    /// </remarks>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static TokenClassification Open(string folder, ModelSettings settings, IReadOnlyList<string>? labels = null)
    {
        var config = ConfigFile.Open(folder);
        var stored = LabelNames.Read(config);
        config.ThrowIfBad();
        labels ??= stored;
        var model = new TokenClassification(config, Encoders.Create(config, settings), labels, settings.Masks);
        return WeightLoading.Opened(
            model,
            opened =>
                opened.NewWeights = WeightLoading.Load(
                    opened,
                    opened.Names,
                    opened._encoder,
                    folder,
                    [Group],
                    LabelNames.Fit(stored, labels) ? [] : [Group],
                    settings
                )
        );
    }

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, labels)
    {
        using var scope = NewDisposeScope();
        return _classifier.call(_dropout.call(_encoder.call(batch))).MoveToOuterDisposeScope();
    }

    /// <summary>Mean cross-entropy over the tokens whose label is not <see cref="Ignored"/>.</summary>
    /// <param name="logits">(B, T, labels).</param>
    /// <param name="labels">Label numbers, (B, T), int64.</param>
    public Tensor Loss(Tensor logits, Tensor labels) => TokenLoss.Of(logits, labels);

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}ForTokenClassification");
        config.RemoveSequenceTask();
        config.SetLabels(Labels);
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
