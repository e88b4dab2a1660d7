using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The answer to each row's question.</summary>
internal sealed class AnswersPredicted : IPredicted
{
    private readonly ScoredPart _part;
    private readonly IReadOnlyList<FoundAnswer> _outputs;

    private AnswersPredicted(ScoredPart part, IReadOnlyList<FoundAnswer> outputs) =>
        (_part, _outputs) = (part, outputs);

    public IReadOnlyList<string> Labels => [];

    public IReadOnlyList<string> Notes => [];

    public static AnswersPredicted By(IClassifierOpener opener, ScoredPart part)
    {
        using var answerer = opener.OpenAnswerer(part.Folder);
        var search = new AnswerSearch(
            part.Spec.Candidates,
            part.Spec.LongestAnswer,
            HasUnanswerable(part.Choice.Dataset) ? part.Spec.NullThreshold : null
        );
        return new(
            part,
            part.Predict(examples =>
                answerer.Answer(
                    Array.ConvertAll(examples, example => new ModelText(example.Text, example.TextB)),
                    search,
                    part.Work.Stop
                )
            )
        );
    }

    public IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) =>
        Scoring.Metrics(
            new AnswerRows(
                Array.ConvertAll(rows, row => _outputs[row].Text),
                Array.ConvertAll(rows, Accepted),
                HasUnanswerable(_part.Choice.Dataset) ? AnswerRules.Squad2 : AnswerRules.Squad1
            ),
            _part.Spec
        );

    public IReadOnlyList<ClassScores> Classes(int[] rows) => [];

    public IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows) => [];

    public Task WriteAsync(Stream to, CancellationToken cancellation) =>
        WireFormat.WriteLinesAsync(to, _outputs.Zip(_part.Examples, Written), cancellation);

    /// <summary>The answers that <see cref="WriteAsync"/> wrote, in order.</summary>
    public static IEnumerable<string> ReadAnswers(string path) =>
        WireFormat.ReadLines<Line>(path).Select(line => line.Answer);

    /// <summary>Whether an answer matches an accepted one exactly.</summary>
    public static bool IsRight(string said, string label) =>
        new ExactMatch().Of(
            new AnswerRows(
                [said],
                [
                    [.. Answers.Read(label)!.Select(answer => answer.Text)],
                ]
            )
        ) == 1;

    private static bool HasUnanswerable(DatasetRef dataset) => dataset.Labels.Contains(Answers.Unanswerable);

    private string[] Accepted(int row) =>
        [
            .. (
                Answers.Read(_part.Examples[row].Label!)
                ?? throw new BadInputException(
                    $"Step {_part.Work.Step.Name}: example {_part.Examples[row].Id} of {_part.Choice.Dataset.Name} has the "
                        + $"label '{_part.Examples[row].Label}'; expected a list of answers."
                )
            ).Select(answer => answer.Text),
        ];

    private static Line Written(FoundAnswer output, Example example) =>
        new(
            example.Id,
            output.Text,
            output.Start,
            output.Score,
            float.IsFinite(output.NoAnswer) ? output.NoAnswer : null,
            output.Best
        );

    private sealed record Line(
        string Id,
        string Answer,
        int Start,
        float Score,
        float? NoAnswer,
        IReadOnlyList<AnswerCandidate> Best
    );
}
