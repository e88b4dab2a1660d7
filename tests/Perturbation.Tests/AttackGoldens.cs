using System.Text.Json;
using TransferPipeline.TestKit;

namespace TransferPipeline.Perturbation.Tests;

/// <summary>What TextAttack 0.3.11 was seen to do; skips the test where its records are missing.</summary>
internal static class AttackGoldens
{
    public static string Path(string name)
    {
        var folder = GoldenFolders.Of("attacks").FirstOrDefault();
        Assert.SkipWhen(folder is null, "TRANSFER_FIXTURES names no folder that holds attacks.");
        return System.IO.Path.Combine(folder!, name);
    }

    public static IEnumerable<T> Lines<T>(string name) =>
        File.ReadLines(Path(name)).Select(line => JsonSerializer.Deserialize<T>(line, JsonSerializerOptions.Web)!);
}
