using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training;

/// <summary>The labelled rows of a split, as a training reads them.</summary>
/// <param name="Targets">Label numbers; for regression the labels themselves; none where a label is no class of a row.</param>
/// <param name="Weights">Of each row in the loss; null where all are 1.</param>
/// <param name="Labels">As they are written.</param>
/// <param name="Ids">Of the rows.</param>
internal sealed record LabelledTexts(
    IReadOnlyList<ModelText> Texts,
    IReadOnlyList<float> Targets,
    IReadOnlyList<float>? Weights,
    IReadOnlyList<string> Labels,
    IReadOnlyList<string> Ids
)
{
    public int Count => Texts.Count;

    /// <summary>How many of the labels came with the data: those that another step gave are no labels that somebody paid for.</summary>
    public int Ingested { get; init; } = Texts.Count;

    /// <summary>Reads a split; null where the dataset has none of that name or none of its rows is labelled.</summary>
    /// <exception cref="BadInputException">A label is not in the dataset's set, or no number where one is needed.</exception>
    public static LabelledTexts? Read(StepWork work, DatasetRef dataset, string split)
    {
        if (dataset.Find(split) is not { Labelled: > 0 } found)
            return null;

        var numbers = dataset.Labels.Select((label, number) => (label, number)).ToDictionary();
        var rows = work.Rows(found).Where(row => row.Label is not null).ToList();
        return new(
            [.. rows.Select(row => new ModelText(row.Text, row.TextB))],
            dataset.Task is TaskType.TokenClassification or TaskType.QuestionAnswering ? [] : [.. rows.Select(Target)],
            rows.All(row => row.Weight == 1) ? null : [.. rows.Select(row => row.Weight)],
            [.. rows.Select(row => row.Label!)],
            [.. rows.Select(row => row.Id)]
        )
        {
            Ingested = rows.Count(row => row.Origin is ExampleOrigin.Ingested),
        };

        float Target(Example row) =>
            dataset.Task == TaskType.Regression
                ? float.TryParse(row.Label, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && float.IsFinite(value)
                    ? value
                    : throw Bad(row, "a number")
                : numbers.TryGetValue(row.Label!, out var number)
                    ? number
                    : throw Bad(row, $"one of {string.Join(", ", dataset.Labels)}");

        BadInputException Bad(Example row, string expected) =>
            new($"{dataset.Name}, split {split}, row {row.Id}: the label is '{row.Label}'; expected {expected}.");
    }
}
