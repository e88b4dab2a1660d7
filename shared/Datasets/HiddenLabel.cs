using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets;

/// <summary>The label that a sample took away from an example.</summary>
public sealed record HiddenLabel(string Id, string Label)
{
    /// <summary>Writes JSON Lines: <c>{"id":"train-17","label":"positive"}</c>.</summary>
    public static async Task WriteAsync(
        Stream to,
        IEnumerable<HiddenLabel> labels,
        CancellationToken cancellation = default
    )
    {
        var buffer = new BufferedStream(to, 64 * 1024);
        foreach (var label in labels)
        {
            JsonSerializer.Serialize(buffer, label, WireFormat.Options);
            buffer.WriteByte((byte)'\n');
            cancellation.ThrowIfCancellationRequested();
        }
        await buffer.FlushAsync(cancellation);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote, in order.</summary>
    public static IEnumerable<HiddenLabel> Read(string path) =>
        File.ReadLines(path)
            .Select(line =>
                JsonSerializer.Deserialize<HiddenLabel>(line, WireFormat.Options)
                ?? throw new InvalidDataException($"{path} holds a line without a hidden label.")
            );
}
