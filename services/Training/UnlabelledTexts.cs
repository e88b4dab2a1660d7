using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training;

/// <summary>Texts of the split <c>unlabelled</c>; a label that one may carry is not looked at.</summary>
/// <param name="Ids">Of the rows.</param>
internal sealed record UnlabelledTexts(IReadOnlyList<ModelText> Texts, IReadOnlyList<string> Ids)
{
    public int Count => Texts.Count;

    /// <param name="most">So many are drawn by the seed, in their order; null for all.</param>
    /// <exception cref="BadInputException">There are none, or one of them stands in dev too.</exception>
    public static UnlabelledTexts Read(StepWork work, DatasetRef dataset, int? most, long seed)
    {
        var rows = work.Rows(dataset.Find("unlabelled")).ToList();
        if (rows.Count == 0)
            throw new BadInputException(
                $"Step {work.Step.Name}: dataset {dataset.Name} has no unlabelled split; expected texts without labels, as sample leaves them."
            );
        RefuseOverlap(work, dataset, rows);

        var numbers = Enumerable.Range(0, rows.Count).ToArray();
        if (most < rows.Count)
        {
            new CounterRandom(seed, "pool").Shuffle<int>(numbers);
            numbers = [.. numbers.Take(most.Value).Order()];
        }
        return new(
            [.. numbers.Select(number => new ModelText(rows[number].Text, rows[number].TextB))],
            [.. numbers.Select(number => rows[number].Id)]
        );
    }

    /// <summary>A text of dev that a student learnt would speak for that student.</summary>
    private static void RefuseOverlap(StepWork work, DatasetRef dataset, List<Example> rows)
    {
        var dev = work.Rows(dataset.Find("dev")).ToLookup(TextFingerprint.Of, row => row.Id);
        foreach (var row in dev.Count == 0 ? [] : rows)
            if (dev[TextFingerprint.Of(row)].FirstOrDefault() is { } same)
                throw new BadInputException(
                    $"{dataset.Name}: row {row.Id} of unlabelled has the text of row {same} of dev; expected splits that share no text."
                );
    }
}
