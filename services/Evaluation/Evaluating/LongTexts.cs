using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Texts of which a model does not read all.</summary>
internal static class LongTexts
{
    /// <summary>Refuses the first one where the step is strict.</summary>
    /// <param name="cutOff">Of each example what is not read.</param>
    /// <param name="unit">What that counts.</param>
    public static void Check(ScoredPart part, IEnumerable<int> cutOff, string unit)
    {
        if (part.Spec.Strict == true && cutOff.Index().FirstOrDefault(row => row.Item > 0) is { Item: > 0 } first)
            throw new BadInputException(
                $"Step {part.Work.Step.Name}: {first.Item} {unit} of example {part.Examples[first.Index].Id} of "
                    + $"{part.Choice.Dataset.Name} stand beyond what model {part.Name} reads; expected none, as 'strict' is true."
            );
    }
}
