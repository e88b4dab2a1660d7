using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>JSON Lines of predictions.</summary>
internal static class PredictedLines
{
    public static async Task WriteAsync<T>(IEnumerable<T> lines, Stream to, CancellationToken cancellation)
    {
        var buffer = new BufferedStream(to, 64 * 1024);
        foreach (var line in lines)
        {
            cancellation.ThrowIfCancellationRequested();
            JsonSerializer.Serialize(buffer, line, WireFormat.Options);
            buffer.WriteByte((byte)'\n');
        }
        await buffer.FlushAsync(cancellation);
    }
}
