using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Refuses what a model's answers cannot be compared with.</summary>
internal static class TaskGuard
{
    /// <summary>A split without labels has nothing to score most models against.</summary>
    public static void RefuseUnlabelled(SplitChoice choice, string step)
    {
        if (choice.Dataset.Task is TaskType.Text)
            throw new BadInputException(
                $"Step {step}: dataset {choice.Dataset.Name} holds text without labels; expected labels to score against, "
                    + "or language models."
            );
        if (choice.Split.Labelled == 0)
            throw new BadInputException(
                $"Step {step}: no example of split '{choice.Split.Name}' of dataset {choice.Dataset.Name} has a label; "
                    + "expected labels to score against."
            );
    }

    /// <summary>Each true label must be one that the model can give.</summary>
    public static void RefuseLabels(
        string model,
        IClassifier classifier,
        IReadOnlyList<Example> examples,
        SplitChoice choice,
        string step
    )
    {
        var numbers = choice.Dataset.Task is TaskType.Regression;
        if (classifier.Regression != numbers)
            throw new BadInputException(
                $"Step {step}: model {model} gives {(numbers ? "labels" : "numbers")}; dataset {choice.Dataset.Name} has "
                    + $"{choice.Dataset.Task}, expected a model that gives {(numbers ? "numbers" : "labels")}."
            );

        var expected = numbers ? "a number" : $"one of {string.Join(", ", classifier.Labels)}";
        string[] problems =
        [
            .. examples
                .Where(example =>
                    example.Label is { } label && !(numbers ? IsNumber(label) : classifier.Labels.Contains(label))
                )
                .GroupBy(example => example.Label)
                .Select(group =>
                    $"Step {step}: split '{choice.Split.Name}' of {choice.Dataset.Name}, example {group.First().Id}: label "
                    + $"'{group.Key}' ({group.Count()} examples) is not one that model {model} gives; expected {expected}"
                    + (
                        numbers
                            ? "."
                            : $" ('transfer ingest … --labels {group.Key}=NAME' names labels as a model does)."
                    )
                ),
        ];
        if (problems.Length > 0)
            throw new BadInputException(problems);
    }

    /// <summary>Each true tag must be one that the model can give.</summary>
    public static void RefuseTags(string model, ITagger tagger, SplitChoice choice, string step)
    {
        string[] missing = [.. choice.Dataset.Labels.Except(tagger.Labels)];
        if (missing.Length > 0)
            throw new BadInputException(
                $"Step {step}: dataset {choice.Dataset.Name} has the tags {string.Join(", ", missing)}, which model {model} "
                    + $"does not give; it gives {string.Join(", ", tagger.Labels)}."
            );
    }

    private static bool IsNumber(string label) =>
        double.TryParse(label, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);
}
