using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Training;

/// <summary>Texts as ids, with what is to be learned of them.</summary>
/// <param name="Targets">Label numbers; for regression the values.</param>
/// <param name="Weights">Of each example in the loss; null where all are 1.</param>
public sealed record TrainingExamples(
    IReadOnlyList<TokenSequence> Tokens,
    IReadOnlyList<float> Targets,
    IReadOnlyList<float>? Weights = null
)
{
    /// <summary>The examples of these numbers, in that order; a number may stand there twice.</summary>
    public TrainingExamples Select(IReadOnlyList<int> rows) =>
        new(
            [.. rows.Select(row => Tokens[row])],
            [.. rows.Select(row => Targets[row])],
            Weights is null ? null : [.. rows.Select(row => Weights[row])]
        );
}
