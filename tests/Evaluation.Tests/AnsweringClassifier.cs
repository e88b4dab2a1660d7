using System.Text.Json;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Tests;

/// <summary>What a test's model says: the probability of the second label for each text it knows.</summary>
internal sealed record Answers(IReadOnlyList<string> Labels, Dictionary<string, float> Second);

internal sealed class AnsweringOpener : IClassifierOpener
{
    public IClassifier Open(string folder) =>
        new AnsweringClassifier(
            JsonSerializer.Deserialize<Answers>(File.ReadAllText(Path.Combine(folder, "answers.json")))!
        );
}

internal sealed class AnsweringClassifier(Answers answers) : IClassifier
{
    public IReadOnlyList<string> Labels => answers.Labels;

    // A test's model without labels predicts numbers.
    public bool Regression => answers.Labels.Count == 0;

    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
        [
            .. texts
                .Select(text => answers.Second.GetValueOrDefault(text.First, 0.2f))
                .Select(yes => Regression ? [yes] : new[] { 1 - yes, yes }),
        ];

    /// <summary>Of a text that begins so, the rest is not read.</summary>
    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) =>
        [.. texts.Select(text => text.First.StartsWith("long", StringComparison.Ordinal) ? 3 : 0)];

    public void Dispose() { }
}
