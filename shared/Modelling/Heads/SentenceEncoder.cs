using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Heads;

/// <summary>The mean of a sequence's vectors, padding left out: (B, T) → (B, D).</summary>
public sealed class SentenceEncoder : Module<TokenBatch, Tensor>
{
    private readonly ConfigFile _config;

    [ComponentName(Name = "encoder")]
    private readonly Encoder _encoder;

    private SentenceEncoder(ConfigFile config, Encoder encoder)
        : base(nameof(SentenceEncoder))
    {
        _config = config;
        _encoder = encoder;
        RegisterComponents();
    }

    public Encoder Encoder => _encoder;

    /// <summary>The checkpoint's names of weights that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; private set; } = [];

    private WeightNames Names => _encoder.Names.Below("encoder.", _encoder.Prefix);

    /// <summary>The encoder in a folder in Hugging Face layout; a head that it also holds is left out.</summary>
    /// <exception cref="Contracts.BadInputException">Configuration or weights do not fit; all problems at once.</exception>
    public static SentenceEncoder Open(string folder, ModelSettings settings)
    {
        var config = ConfigFile.Open(folder);
        return WeightLoading.Opened(
            new SentenceEncoder(config, Encoders.Create(config, settings)),
            opened =>
                opened.NewWeights = WeightLoading.Load(opened, opened.Names, opened._encoder, folder, [], [], settings)
        );
    }

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, D)
    {
        using var scope = NewDisposeScope();
        return MeanPooling.Of(_encoder.call(batch), batch).MoveToOuterDisposeScope();
    }

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c> as Transformers reads them.</summary>
    public void Save(string folder)
    {
        var config = _config.Copy();
        _encoder.Write(config);
        config.SetArchitecture($"{_encoder.Family}Model");
        config.RemoveSequenceTask();
        config.Write(folder);
        WeightLoading.Save(this, Names, folder);
    }
}
