using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>What a model said about one example; never what is true.</summary>
/// <param name="Label">The most probable label; none where the model predicts numbers.</param>
/// <param name="Value">The number, where the model predicts numbers.</param>
internal sealed record Prediction(
    string Id,
    string? Label = null,
    IReadOnlyDictionary<string, float>? Probabilities = null,
    float? Value = null
);

/// <summary>A model's predictions in the order of the split.</summary>
/// <param name="Labels">Label names in the model's output order; none where it predicts numbers.</param>
/// <param name="Outputs">One row per example: the probabilities in that order, or one number.</param>
internal sealed record Predictions(IReadOnlyList<string> Labels, IReadOnlyList<float[]> Outputs)
{
    /// <summary>The most probable label; the first of equals.</summary>
    public string LabelOf(int row) => Labels[Array.IndexOf(Outputs[row], Outputs[row].Max())];

    /// <summary>One JSON object per example; numbers in the shortest form that reads back as the same one.</summary>
    public Task WriteAsync(IReadOnlyList<Example> examples, Stream to, CancellationToken cancellation) =>
        WireFormat.WriteLinesAsync(to, examples.Select((example, row) => Of(row, example.Id)), cancellation);

    /// <summary>Reads what <see cref="WriteAsync"/> wrote, in order.</summary>
    public static IEnumerable<Prediction> Read(string path) => WireFormat.ReadLines<Prediction>(path, "prediction");

    private Prediction Of(int row, string id) =>
        Labels.Count == 0
            ? new Prediction(id, Value: Outputs[row][0])
            : new Prediction(
                id,
                LabelOf(row),
                Labels.Zip(Outputs[row]).ToDictionary(pair => pair.First, pair => pair.Second)
            );
}
