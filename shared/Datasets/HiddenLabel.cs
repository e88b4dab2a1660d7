using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets;

/// <summary>The label that a sample took away from an example.</summary>
public sealed record HiddenLabel(string Id, string Label)
{
    /// <summary>Writes JSON Lines: <c>{"id":"train-17","label":"positive"}</c>.</summary>
    public static Task WriteAsync(
        Stream to,
        IEnumerable<HiddenLabel> labels,
        CancellationToken cancellation = default
    ) => WireFormat.WriteLinesAsync(to, labels, cancellation);

    /// <summary>Reads what <see cref="WriteAsync"/> wrote, in order.</summary>
    public static IEnumerable<HiddenLabel> Read(string path) => WireFormat.ReadLines<HiddenLabel>(path, "hidden label");

    /// <summary>The same by id; of several labels of one example the first.</summary>
    public static Dictionary<string, string> ReadById(string path) =>
        Read(path).DistinctBy(label => label.Id).ToDictionary(label => label.Id, label => label.Label);
}
