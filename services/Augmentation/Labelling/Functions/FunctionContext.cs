using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>What the functions of a file may refer to.</summary>
/// <param name="Labels">The dataset's.</param>
/// <param name="Lexicons">Word lists of the file by name, in lower case.</param>
/// <param name="Columns">Votes that came with the data; null where none did.</param>
/// <param name="OpenModel">Opens the step's model; null where it has none.</param>
/// <param name="OpenEncoder">Opens the step's encoder; null where it has none.</param>
internal sealed record FunctionContext(
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, IReadOnlySet<string>> Lexicons,
    VoteColumns? Columns,
    Func<IClassifier>? OpenModel,
    Func<IEmbedder>? OpenEncoder
)
{
    public const int MostLabels = sbyte.MaxValue;

    /// <summary>The number of a label that a block names.</summary>
    public sbyte Label(YamlBlock block, string key = "label") =>
        Label(block, key, block.Text(key) ?? throw block.Fault($"'{key}' is missing; expected {Expected}"));

    public sbyte Label(YamlBlock block, string key, string name)
    {
        for (var label = 0; label < Labels.Count; label++)
            if (Labels[label] == name)
                return (sbyte)label;
        throw block.Fault(key, $"'{name}' is no label of the dataset; expected {Expected}");
    }

    private string Expected => $"one of {string.Join(", ", Labels)}";
}
