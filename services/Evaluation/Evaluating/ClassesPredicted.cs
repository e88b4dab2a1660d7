using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>One label, or one number, for each row.</summary>
internal sealed class ClassesPredicted : IPredicted
{
    private readonly ScoredPart _part;
    private readonly Predictions _predictions;
    private readonly int _cut;
    private readonly bool _numbers;

    /// <param name="cut">How many rows are not read to their ends.</param>
    private ClassesPredicted(ScoredPart part, Predictions predictions, int cut)
    {
        (_part, _predictions, _cut) = (part, predictions, cut);
        _numbers = part.Choice.Dataset.Task is TaskType.Regression;
        Labels = [.. part.Choice.Dataset.Labels.Union(predictions.Labels)];
    }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string>();
            if (Only() is { } only)
                notes.Add($"{ModelScores.Collapsed}every text is predicted {only}.");
            if (_cut > 0)
                notes.Add(
                    $"{_cut} of {_part.Examples.Length} scored texts are longer than what the model reads; the rest of them was cut off."
                );
            return notes;
        }
    }

    public static ClassesPredicted By(IClassifierOpener opener, ScoredPart part)
    {
        using var classifier = opener.Open(part.Folder);
        TaskGuard.RefuseLabels(part.Name, classifier, part.Examples, part.Choice, part.Work.Step.Name);
        var cutOff = classifier.CutOff(Texts(part.Examples));
        LongTexts.Check(part, cutOff, "tokens");
        var outputs = part.Predict(examples => classifier.Predict(Texts(examples), part.Work.Stop));
        part.Add(classifier.Spared);
        return new(
            part,
            new Predictions(classifier.Regression ? [] : classifier.Labels, outputs),
            cutOff.Count(tokens => tokens > 0)
        );
    }

    public IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) =>
        _numbers
            ? Scoring.Metrics(Scoring.Numbers(_part.Examples, _predictions, rows), _part.Spec)
            : Scoring.Metrics(Scoring.Rows(_part.Examples, _predictions, Labels, rows), _part.Spec);

    public IReadOnlyList<ClassScores> Classes(int[] rows) =>
        _numbers ? [] : Scoring.Classes(Scoring.Rows(_part.Examples, _predictions, Labels, rows).Confusion, Labels);

    public IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows) =>
        _numbers ? [] : Scoring.Rows(_part.Examples, _predictions, Labels, rows).Confusion.ToRows();

    public Task WriteAsync(Stream to, CancellationToken cancellation) =>
        _predictions.WriteAsync(_part.Examples, to, cancellation);

    private static ModelText[] Texts(Example[] examples) =>
        Array.ConvertAll(examples, example => new ModelText(example.Text, example.TextB));

    /// <summary>The one label that a transformer says of all rows; null where it tells apart. A baseline may well be the majority's.</summary>
    private string? Only() =>
        !_numbers
        && File.Exists(Path.Combine(_part.Folder, "config.json"))
        && _part.Examples.Select(example => example.Label).OfType<string>().Distinct().Count() > 1
        && Enumerable.Range(0, _part.Examples.Length).Select(_predictions.LabelOf).Distinct().ToList() is [var only]
            ? only
            : null;
}
