using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>The examples that an attack takes of a split.</summary>
internal static class ChosenExamples
{
    /// <summary>
    /// As many labelled ones as are asked for, evenly spread, and of them those of the step's part. A question that has no answer
    /// has none to be led away from.
    /// </summary>
    /// <exception cref="BadInputException">There is nothing to attack.</exception>
    public static IReadOnlyList<Example> Of(IEnumerable<Example> split, AttackSpec spec, DatasetRef dataset)
    {
        var questions = dataset.Task is TaskType.QuestionAnswering;
        var labelled = split
            .Where(example => example.Label is { } label && (!questions || Answers.Read(label) is { Count: > 0 }))
            .ToList();
        if (labelled.Count == 0)
            throw new BadInputException(
                $"dataset: '{dataset.Name}' has no {(questions ? "question with an answer" : "labelled example")} to attack"
            );
        var count = Math.Min(spec.Examples ?? labelled.Count, labelled.Count);
        Example[] chosen =
        [
            .. Enumerable
                .Range(0, count)
                .Select(at => labelled[(int)((long)at * labelled.Count / count)])
                .Select(Checked),
        ];
        return spec is { Shard: { } shard, Shards: { } shards }
            ? chosen[(count * shard / shards)..(count * (shard + 1) / shards)]
            : chosen;
    }

    /// <summary>How they are attacked.</summary>
    /// <exception cref="BadInputException">
    /// The model knows a label of the dataset by no name, or does not read all of an example where the step is strict.
    /// </exception>
    public static IEnumerable<AttackedExample> For(
        IClassifier model,
        IReadOnlyList<Example> examples,
        AttackSpec spec,
        DatasetRef dataset
    )
    {
        if (dataset.Labels.FirstOrDefault(label => !model.Labels.Contains(label)) is { } unknown)
            throw new BadInputException(
                $"model: it does not know label '{unknown}' of dataset '{dataset.Name}'; it knows {string.Join(", ", model.Labels)}. "
                    + $"'transfer ingest … --labels {unknown}=NAME' names a dataset's labels as a model does"
            );
        if (spec.Strict == true)
            CheckLengths(model, examples);
        var classes = model.Labels.Select((label, at) => (label, at)).ToDictionary(one => one.label, one => one.at);
        return examples.Select(example => new AttackedExample(example.Id, Text(example), classes[example.Label!]));
    }

    /// <summary>How questions are attacked.</summary>
    public static IEnumerable<AttackedExample> Questions(IEnumerable<Example> examples) =>
        examples.Select(example =>
        {
            var text = Text(example);
            return new AttackedExample(example.Id, text, Label: 0)
            {
                Answers = AcceptedAnswers.OfLabel(text, example.Label!),
            };
        });

    private static ModelText Text(Example example) => new(example.Text, example.TextB);

    private static void CheckLengths(IClassifier model, IReadOnlyList<Example> examples)
    {
        var beyond = model.CutOff([.. examples.Select(Text)]);
        if (beyond.Index().FirstOrDefault(one => one.Item > 0) is { Item: > 0 } first)
            throw new BadInputException(
                $"dataset: {first.Item} tokens of example '{examples[first.Index].Id}' stand beyond what the model reads; expected none, as 'strict' is true"
            );
    }

    private static Example Checked(Example example) =>
        WordSplitter.Count(example.Text) > 0 || example.TextB is { } second && WordSplitter.Count(second) > 0
            ? example
            : throw new BadInputException($"dataset: example '{example.Id}' has no word to attack: '{example.Text}'");
}
