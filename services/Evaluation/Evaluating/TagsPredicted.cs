using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>A tag for each word of each row.</summary>
internal sealed class TagsPredicted : IPredicted
{
    private readonly ScoredPart _part;
    private readonly IReadOnlyList<TaggedWords> _outputs;

    private TagsPredicted(ScoredPart part, IReadOnlyList<TaggedWords> outputs)
    {
        (_part, _outputs) = (part, outputs);
        Labels = Rows([.. Enumerable.Range(0, outputs.Count).Where(row => part.Examples[row].Label is not null)]).Types;
    }

    /// <summary>Types of entities.</summary>
    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<string> Notes
    {
        get
        {
            var words = _outputs.Sum(output => output.CutOff);
            return words == 0
                ? []
                :
                [
                    $"{words} words of {_outputs.Count(output => output.CutOff > 0)} scored sentences stand beyond what the model reads and count as tagged O.",
                ];
        }
    }

    public static TagsPredicted By(IClassifierOpener opener, ScoredPart part)
    {
        using var tagger = opener.OpenTagger(part.Folder);
        TaskGuard.RefuseTags(part.Name, tagger, part.Choice, part.Work.Step.Name);
        var outputs = part.Predict(examples =>
            tagger.Tag(Array.ConvertAll(examples, example => EntityTags.Split(example.Text)), part.Work.Stop)
        );
        LongTexts.Check(part, outputs.Select(output => output.CutOff), "words");
        return new(part, outputs);
    }

    public IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) => Scoring.Metrics(Rows(rows), _part.Spec);

    public IReadOnlyList<ClassScores> Classes(int[] rows) => Scoring.Classes(Rows(rows));

    public IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows) => [];

    public Task WriteAsync(Stream to, CancellationToken cancellation) =>
        WireFormat.WriteLinesAsync(
            to,
            _outputs.Zip(_part.Examples, (output, example) => new Line(example.Id, output.Tags, output.Probabilities)),
            cancellation
        );

    private EntityRows Rows(int[] rows) =>
        new(
            Array.ConvertAll(rows, row => EntityTags.Split(_part.Examples[row].Label!)),
            Array.ConvertAll(rows, row => _outputs[row].Tags.ToArray())
        );

    private sealed record Line(string Id, IReadOnlyList<string> Tags, IReadOnlyList<float> Probabilities);
}
