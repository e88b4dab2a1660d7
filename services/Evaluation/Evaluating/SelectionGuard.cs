using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Refuses to score a model on rows that selected it, or a model that it came from.</summary>
internal static class SelectionGuard
{
    public static void Refuse(string model, ModelCard card, SplitChoice scored, StepWork work)
    {
        foreach (var use in card.Ancestry.Where(use => use.Purpose == "selection"))
            if (Overlap(use.Split, scored.Split, work) is { } reason)
                throw new BadInputException(
                    $"Step {work.Step.Name}: model {model} was selected on split '{use.Split.Name}' of {use.Dataset}, and "
                        + $"split '{scored.Split.Name}' of {scored.Dataset.Name} {reason}; "
                        + "expected a split that no early stopping or selection has read."
                );
    }

    private static string? Overlap(SplitRef selecting, SplitRef scored, StepWork work)
    {
        if (selecting.Id == scored.Id)
            return "is that split";
        if (scored.CutFrom.Contains(selecting.Id))
            return "was cut from it";
        if (selecting.CutFrom.Contains(scored.Id))
            return "is what it was cut from";
        return selecting.CutFrom.Intersect(scored.CutFrom).Any() && ShareRows(selecting, scored, work)
            ? "was cut from the same split and holds some of the same examples"
            : null;
    }

    private static bool ShareRows(SplitRef left, SplitRef right, StepWork work)
    {
        var rows = work.Rows(left).Select(Row).ToHashSet();
        return work.Rows(right).Any(example => rows.Contains(Row(example)));
    }

    private static (string, string, string?) Row(Example example) => (example.Id, example.Text, example.TextB);
}
