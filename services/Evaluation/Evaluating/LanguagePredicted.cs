using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>How a language model foretells the texts of a split; of labels it reads none.</summary>
internal sealed class LanguagePredicted(ScoredPart part, IReadOnlyList<ForetoldText> outputs) : IPredicted
{
    public IReadOnlyList<string> Labels => [];

    public IReadOnlyList<string> Notes => [];

    public bool NeedsLabels => false;

    public static LanguagePredicted By(IClassifierOpener opener, ScoredPart part)
    {
        using var reader = opener.OpenLanguageModel(part.Folder);
        var outputs = part.Predict(examples =>
            reader.Read(
                Array.ConvertAll(examples, example => new ModelText(example.Text, example.TextB)),
                part.Work.Stop
            )
        );
        return new(part, outputs);
    }

    public IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows) =>
        Scoring.Metrics(new LanguageRows(Array.ConvertAll(rows, row => outputs[row])), part.Spec);

    public IReadOnlyList<ClassScores> Classes(int[] rows) => [];

    public IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows) => [];

    public Task WriteAsync(Stream to, CancellationToken cancellation) =>
        WireFormat.WriteLinesAsync(
            to,
            outputs.Zip(
                part.Examples,
                (output, example) => new Line(example.Id, output.Loss, output.Tokens, output.Right)
            ),
            cancellation
        );

    private sealed record Line(string Id, double Loss, int Tokens, int Right);
}
