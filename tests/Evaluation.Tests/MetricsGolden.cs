using System.Text.Json;
using TransferPipeline.TestKit;

namespace TransferPipeline.Evaluation.Tests;

/// <summary>The cases of <c>metrics.json</c> in every golden folder.</summary>
internal static class MetricsGolden
{
    /// <summary>Labels each case for the test's name.</summary>
    public static TheoryData<string, int> Cases(string part)
    {
        var cases = new TheoryData<string, int>();
        foreach (var folder in GoldenFolders.Of("metrics"))
            for (var index = 0; index < Part(folder, part).GetArrayLength(); index++)
                cases.Add(folder, index);
        return cases;
    }

    public static JsonElement Case(string folder, string part, int index) => Part(folder, part)[index];

    public static double Number(this JsonElement golden, string name) => golden.GetProperty(name).GetDouble();

    public static double[] Numbers(this JsonElement golden, string name) =>
        golden.GetProperty(name).Deserialize<double[]>()!;

    public static int[] Integers(this JsonElement golden, string name) =>
        golden.GetProperty(name).Deserialize<int[]>()!;

    private static JsonElement Part(string folder, string part)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "metrics.json")));
        return document.RootElement.GetProperty(part).Clone();
    }
}
