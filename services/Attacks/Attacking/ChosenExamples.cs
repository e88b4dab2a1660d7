using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>An example of a dataset, and how it is attacked.</summary>
internal sealed record AttackedRow(Example Example, AttackedExample Attacked);

/// <summary>The examples that an attack takes of a split.</summary>
internal static class ChosenExamples
{
    /// <param name="most">How many, evenly spread; null: all.</param>
    /// <exception cref="BadInputException">The model knows a label by no name, or there is nothing to attack.</exception>
    public static IReadOnlyList<AttackedRow> Of(
        IEnumerable<Example> split,
        int? most,
        DatasetRef dataset,
        IClassifier model
    )
    {
        if (dataset.Labels.FirstOrDefault(label => !model.Labels.Contains(label)) is { } unknown)
            throw new BadInputException(
                $"model: it does not know label '{unknown}' of dataset '{dataset.Name}'; it knows {string.Join(", ", model.Labels)}"
            );
        var labelled = split.Where(example => example.Label is not null).ToList();
        if (labelled.Count == 0)
            throw new BadInputException($"dataset: '{dataset.Name}' has no labelled example to attack");
        var count = Math.Min(most ?? labelled.Count, labelled.Count);
        var classes = model.Labels.Select((label, at) => (label, at)).ToDictionary(one => one.label, one => one.at);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(at => labelled[(int)((long)at * labelled.Count / count)])
                .Select(example => new AttackedRow(Checked(example), Attacked(example))),
        ];

        AttackedExample Attacked(Example example) =>
            new(example.Id, new ModelText(example.Text, example.TextB), classes[example.Label!]);
    }

    private static Example Checked(Example example) =>
        WordSplitter.Count(example.Text) > 0 || example.TextB is { } second && WordSplitter.Count(second) > 0
            ? example
            : throw new BadInputException($"dataset: example '{example.Id}' has no word to attack: '{example.Text}'");
}
