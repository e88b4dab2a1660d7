using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Models;

/// <summary>What heads take over from their encoder's architecture and configuration.</summary>
internal sealed record HeadConfig
{
    public required ClassifierConfig Classifier { get; init; }

    /// <summary>Null for an architecture that was not pretrained on masked tokens.</summary>
    public DecoderConfig? MaskedDecoder { get; init; }

    /// <summary>The layer that tells whether a second text follows the first; null where no pretraining asked that.</summary>
    public string? NextSentence { get; init; }

    /// <summary>What <c>config.json</c> calls its language model; null for an architecture that looks ahead.</summary>
    public string? CausalArchitecture { get; init; }

    /// <summary>Rate before the output layer of a classifier of tokens.</summary>
    public required double TokenDropout { get; init; }

    /// <summary>Rate before the output layer of question answering; most architectures have none.</summary>
    public double AnswerDropout { get; init; }

    /// <summary>Standard deviation of weights that start new.</summary>
    public required double InitializerRange { get; init; }

    /// <summary>The same of layers that add to the residual stream, by the ends of their names.</summary>
    public (string End, double Deviation)? Residual { get; init; }

    /// <summary>The id of padding; null where none is known.</summary>
    public int? PadId { get; init; }

    /// <summary>Names in a checkpoint of the embeddings whose row of padding starts at zero.</summary>
    public IReadOnlyList<string> PaddedEmbeddings { get; init; } = [];

    /// <summary>Standard deviation of a weight that starts new.</summary>
    public double Deviation(string name) =>
        Residual is { } residual && name.EndsWith(residual.End, StringComparison.Ordinal)
            ? residual.Deviation
            : InitializerRange;
}

/// <summary>How an architecture's classifier of sequences reads its encoder; names are a checkpoint's.</summary>
/// <param name="Dropout">Rate before the output layer.</param>
/// <param name="Output">The output layer.</param>
/// <param name="Pooler">The dense layer upon the first token; null where the last token goes to the output layer.</param>
/// <param name="Activation">After the pooler.</param>
/// <param name="DropsBeforePooler">Whether the dropout stands before the pooler as well.</param>
/// <param name="OutputBias">Whether the output layer has one.</param>
internal sealed record ClassifierConfig(
    double Dropout,
    string Output,
    string? Pooler,
    Func<Tensor, Tensor> Activation,
    bool DropsBeforePooler = false,
    bool OutputBias = true
);

/// <summary>The layers before a decoder that is tied to the word embeddings; names are a checkpoint's.</summary>
/// <param name="Group">What all its names start with.</param>
/// <param name="Bias">What the decoder's bias stands below.</param>
/// <param name="Activation">After the transform.</param>
internal sealed record DecoderConfig(
    string Group,
    string Transform,
    string Norm,
    string Bias,
    Func<Tensor, Tensor> Activation,
    double LayerNormEpsilon
);
