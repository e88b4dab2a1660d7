using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A classifier that tells how its loss changes with the vectors of the words that it reads.</summary>
public interface IInputGradients
{
    /// <summary>
    /// For each token that is read of a text, special ones left out, the gradient of the cross-entropy of the label that the model
    /// says, by the token's word vector.
    /// </summary>
    IReadOnlyList<TokenGradient> Gradients(ModelText text);

    /// <summary>The vectors of the words that it knows as one token; they belong to the model.</summary>
    WordVectors Words { get; }
}

/// <summary>What a token's vector does to the loss.</summary>
/// <param name="Column">0 for the first text, 1 for the second.</param>
/// <param name="Token">Where it stands in that text.</param>
public sealed record TokenGradient(int Column, TokenSpan Token, float[] Values);
