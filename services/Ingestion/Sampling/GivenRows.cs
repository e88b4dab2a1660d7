using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>Train rows that a file gives for each pair of labels per class and seed.</summary>
internal static class GivenRows
{
    /// <summary>The rows of one pair, sorted.</summary>
    /// <param name="rows">Rows of the train split.</param>
    public static IReadOnlyList<int> Read(string path, string perClass, long seed, int rows)
    {
        using var document = Parse(path);
        if (
            document.RootElement.ValueKind is not JsonValueKind.Object
            || !document.RootElement.TryGetProperty("samples", out var samples)
            || samples.ValueKind is not JsonValueKind.Array
        )
            throw Fault("expected an object whose list 'samples' holds labelsPerClass, seed and rows");

        var index = 0;
        foreach (var sample in samples.EnumerateArray())
        {
            var (samplePerClass, sampleSeed) = PairOf(sample, index);
            if (samplePerClass == perClass && sampleSeed == seed)
                return RowsOf(sample, index, rows);
            index++;
        }
        throw Fault($"no entry has labelsPerClass {perClass} and seed {seed}; expected one among the {index} samples");
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonDocument.Parse(file);
        }
        catch (JsonException fault)
        {
            throw Fault($"line {fault.LineNumber + 1}: not JSON ({fault.Message})");
        }
    }

    private static (string PerClass, long Seed) PairOf(JsonElement sample, int index)
    {
        if (
            sample.ValueKind is JsonValueKind.Object
            && sample.TryGetProperty("labelsPerClass", out var perClass)
            && perClass.ValueKind is JsonValueKind.Number or JsonValueKind.String
            && sample.TryGetProperty("seed", out var seed)
            && seed.ValueKind is JsonValueKind.Number
            && seed.TryGetInt64(out var number)
        )
            return (perClass.ToString(), number);
        throw Fault($"samples[{index}]: expected labelsPerClass (a number or full), seed (a whole number) and rows");
    }

    private static List<int> RowsOf(JsonElement sample, int index, int rows)
    {
        if (!sample.TryGetProperty("rows", out var listed) || listed.ValueKind is not JsonValueKind.Array)
            throw Fault($"samples[{index}]: expected a list 'rows' of 0-based train rows");
        var found = new SortedSet<int>();
        foreach (var item in listed.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.Number || !item.TryGetInt32(out var row) || row < 0 || row >= rows)
                throw Fault($"samples[{index}].rows: {item} is no row; expected whole numbers from 0 to {rows - 1}");
            if (!found.Add(row))
                throw Fault($"samples[{index}].rows: {row} is listed twice");
        }
        return [.. found];
    }

    private static BadInputException Fault(string what) => new($"rows: {what}");
}
