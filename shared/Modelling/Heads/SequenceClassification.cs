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

/// <summary>What stands for a whole sequence.</summary>
public enum Pooling
{
    /// <summary>As the architecture does: one token's vector, through a dense layer where it has one.</summary>
    Pooler,

    /// <summary>The mean of the vectors of all tokens that are not padding.</summary>
    Mean,
}

/// <summary>What a classifier tells apart.</summary>
/// <param name="Labels">Names in output order; one for regression.</param>
public sealed record ClassifierTask(
    IReadOnlyList<string> Labels,
    bool Regression = false,
    Pooling Pooling = Pooling.Pooler
);

/// <summary>One label, or one number, for a text or a pair: (B, T) → (B, labels).</summary>
public sealed class SequenceClassification : Module<TokenBatch, Tensor>
{
    private readonly ConfigFile _config;
    private readonly ClassifierConfig _layout;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    [ComponentName(Name = "pooler")]
    private readonly Linear? _pooler;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    [ComponentName(Name = "classifier")]
    private readonly Linear _classifier;

    private SequenceClassification(ConfigFile config, Encoder encoder, ClassifierTask task, DropoutMasks? masks)
        : base(nameof(SequenceClassification))
    {
        _config = config;
        _encoder = encoder;
        Task = task;
        _layout = encoder.Head.Classifier;
        if (task.Pooling == Pooling.Pooler && _layout.Pooler is not null)
            _pooler = new(encoder.Width, encoder.Width);
        _dropout = new(_layout.Dropout, masks);
        _classifier = new(encoder.Width, task.Labels.Count, _layout.OutputBias);
        RegisterComponents();
    }

    public ClassifierTask Task { get; }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that it lacked and that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    internal WeightNames Names =>
        _encoder
            .Names.Below("encoder.", _encoder.Prefix)
            .And([.. PoolerName.Select(there => ("pooler", there)), ("classifier", _layout.Output)]);

    private IEnumerable<string> PoolerName => _pooler is null ? [] : [_layout.Pooler!];

    /// <summary>The model in a folder in Hugging Face layout; its own labels where no task is given.</summary>
    /// <remarks>
    /// Pooler and classifier start new where the checkpoint lacks them, the classifier also where it tells other labels
    /// apart; generic names (<c>LABEL_0</c> …) pass for any labels of the same number.
    /// </remarks>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static SequenceClassification Open(string folder, ModelSettings settings, ClassifierTask? task = null)
    {
        var config = ConfigFile.Open(folder);
        var stored = ReadTask(config);
        task ??= stored;
        var model = new SequenceClassification(config, Encoders.Create(config, settings), task, settings.Masks);
        var classifier = model._layout.Output + ".";
        return WeightLoading.Opened(
            model,
            opened =>
                opened.NewWeights = WeightLoading.Load(
                    opened,
                    opened.Names,
                    opened._encoder,
                    folder,
                    [.. opened.PoolerName.Select(pooler => pooler + "."), classifier],
                    Fits(stored, task) ? [] : [classifier],
                    settings
                )
        );
    }

    private static ClassifierTask ReadTask(ConfigFile config)
    {
        var problem = config.Choice(
            ConfigFile.ProblemKey,
            ["single_label_classification", "regression"],
            otherwise: ""
        );
        var pooling = config.Choice(ConfigFile.PoolingKey, ["pooler", "mean"], "pooler");
        var labels = LabelNames.Read(config);
        config.ThrowIfBad();
        var regression = problem == "regression" || (problem == "" && labels.Count == 1);
        return new(labels, regression, pooling == "mean" ? Pooling.Mean : Pooling.Pooler);
    }

    private static bool Fits(ClassifierTask stored, ClassifierTask asked) =>
        stored.Regression == asked.Regression
        && stored.Pooling == asked.Pooling
        && LabelNames.Fit(stored.Labels, asked.Labels);

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, labels)
    {
        using var scope = NewDisposeScope();
        return _classifier.call(_dropout.call(Pool(_encoder.call(batch), batch))).MoveToOuterDisposeScope();
    }

    /// <summary>What it says of sequences that are mixed pair by pair after they were pooled.</summary>
    /// <param name="pairs">The first of each pair, then the second of each: (2B, T).</param>
    /// <param name="shares">Of the first, (B).</param>
    /// <returns>(B, labels).</returns>
    public Tensor Mixed(TokenBatch pairs, Tensor shares)
    {
        using var scope = NewDisposeScope();
        var pooled = Pool(_encoder.call(pairs), pairs).chunk(2);
        var mixed = pooled[1].lerp(pooled[0], shares.unsqueeze(1).to(pooled[0].dtype));
        return _classifier.call(_dropout.call(mixed)).MoveToOuterDisposeScope();
    }

    /// <summary>What stands for each sequence: (B, T, D) → (B, D).</summary>
    public Tensor Pool(Tensor hidden, TokenBatch batch)
    {
        if (Task.Pooling == Pooling.Mean)
            return MeanPooling.Of(hidden, batch);

        using var scope = NewDisposeScope();
        if (_pooler is null)
            return LastToken.Of(hidden, batch, _encoder.Head.PadId).MoveToOuterDisposeScope();
        var first = hidden.select(1, 0);
        if (_layout.DropsBeforePooler)
            first = _dropout.call(first);
        return _layout.Activation(_pooler.call(first)).MoveToOuterDisposeScope();
    }

    /// <summary>Cross-entropy with label numbers (B) int64; for regression the mean squared error of (B) float32.</summary>
    public Tensor Loss(Tensor logits, Tensor labels) =>
        Task.Regression ? functional.mse_loss(logits.squeeze(-1), labels) : functional.cross_entropy(logits, labels);

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}ForSequenceClassification");
        config.RemoveSequenceTask();
        config.SetLabels(Task.Labels);
        config.Set(ConfigFile.ProblemKey, Task.Regression ? "regression" : "single_label_classification");
        if (Task.Pooling == Pooling.Mean)
            config.Set(ConfigFile.PoolingKey, "mean");
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
