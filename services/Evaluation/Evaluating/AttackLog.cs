using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The log of an attack.</summary>
internal static class AttackLog
{
    public static IEnumerable<AttackedText> Read(string path) =>
        File.ReadLines(path).Select(line => JsonSerializer.Deserialize<AttackedText>(line, WireFormat.Options)!);
}
