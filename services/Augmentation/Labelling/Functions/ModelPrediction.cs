using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>
/// The label that the step's model gives, where its probability is at least a threshold: <c>model: 0.9</c>; with <c>label</c>
/// only where it is that one.
/// </summary>
internal sealed class ModelPrediction(
    string name,
    double? weight,
    Func<IClassifier> open,
    IReadOnlyList<string> labels,
    double threshold,
    sbyte? only
) : ILabellingFunction
{
    private const int Portion = 512;

    public string Name { get; } = name;

    public double? Weight { get; } = weight;

    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var threshold = block.Number("model", 0, 1)!.Value;
        var only = block.Has("label") ? context.Label(block) : (sbyte?)null;
        return context.OpenModel is { } open
            ? new ModelPrediction(name, weight, open, context.Labels, threshold, only)
            : throw block.Fault("model", $"function '{name}' reads predictions; expected the step's model");
    }

    public IReadOnlyList<sbyte> Vote(IReadOnlyList<Example> rows, CancellationToken stop)
    {
        using var model = open();
        if (model.Regression || model.Labels.Except(labels).Any())
            throw new BadInputException(
                $"function '{Name}': the model gives {(model.Regression ? "numbers" : string.Join(", ", model.Labels))}; "
                    + $"expected labels among {string.Join(", ", labels)}"
            );
        sbyte[] numbers = [.. model.Labels.Select(label => (sbyte)labels.ToList().IndexOf(label))];
        var votes = new List<sbyte>(rows.Count);
        foreach (var some in rows.Chunk(Portion))
        foreach (var probabilities in model.Predict([.. some.Select(row => new ModelText(row.Text, row.TextB))], stop))
        {
            var best = Array.IndexOf(probabilities, probabilities.Max());
            var vote = numbers[best];
            votes.Add(probabilities[best] >= threshold && (only is null || only == vote) ? vote : VoteTable.Abstains);
        }
        return votes;
    }
}
