using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Dropout = TransferPipeline.Modelling.Layers.Dropout;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Heads;

/// <summary>Where the answer begins and where it ends: (B, T) → (B, T, 2).</summary>
public sealed class QuestionAnswering : Module<TokenBatch, Tensor>
{
    private const string Layer = "qa_outputs";
    private readonly ConfigFile _config;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    [ComponentName(Name = "answers")]
    private readonly Linear _answers;

    private QuestionAnswering(ConfigFile config, Encoder encoder, DropoutMasks? masks)
        : base(nameof(QuestionAnswering))
    {
        _config = config;
        _encoder = encoder;
        _dropout = new(encoder.Head.AnswerDropout, masks);
        _answers = new(encoder.Width, 2);
        RegisterComponents();
    }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that it lacked and that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    internal WeightNames Names => _encoder.Names.Below("encoder.", _encoder.Prefix).And(("answers", Layer));

    /// <summary>The model in a folder in Hugging Face layout; the head starts new where the checkpoint has none.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static QuestionAnswering Open(string folder, ModelSettings settings)
    {
        var config = ConfigFile.Open(folder);
        var model = new QuestionAnswering(config, Encoders.Create(config, settings), settings.Masks);
        return WeightLoading.Opened(
            model,
            opened =>
                opened.NewWeights = WeightLoading.Load(
                    opened,
                    opened.Names,
                    opened._encoder,
                    folder,
                    [Layer + "."],
                    [],
                    settings
                )
        );
    }

    /// <remarks>Padding has logits too; what reads them passes it over.</remarks>
    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, 2)
    {
        using var scope = NewDisposeScope();
        return _answers.call(_dropout.call(_encoder.call(batch))).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the cross-entropies of first and last token; a place that was cut off is not counted.</summary>
    /// <param name="logits">(B, T, 2).</param>
    /// <param name="starts">Places of the answers' first tokens, (B), int64.</param>
    /// <param name="ends">Places of their last tokens, (B), int64.</param>
    public Tensor Loss(Tensor logits, Tensor starts, Tensor ends)
    {
        using var scope = NewDisposeScope();
        var length = logits.size(1);
        Tensor Entropy(int which, Tensor places) =>
            functional.cross_entropy(
                logits.select(2, which),
                places.clamp(Scalars.Of(0), Scalars.Of(length)),
                ignore_index: length
            );
        return Entropy(0, starts).add(Entropy(1, ends), Scalars.One).div(Scalars.Of(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}ForQuestionAnswering");
        config.RemoveSequenceTask();
        config.RemoveLabels(); // Transformers would make an output for each
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
