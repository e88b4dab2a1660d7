using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A classifier that reads nothing of a text but its tokens: texts of equal tokens have equal rows.</summary>
public interface ITokenClassifier : IClassifier
{
    /// <summary>What is read of a text.</summary>
    TokenSequence Encode(ModelText text);

    /// <summary>Probabilities, one row per sequence; the batch never changes a row.</summary>
    IReadOnlyList<float[]> Predict(IReadOnlyList<TokenSequence> sequences, CancellationToken cancellation = default);
}
