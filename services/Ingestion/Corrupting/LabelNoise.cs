using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Corrupting;

/// <summary>
/// Gives rows wrong labels. Rows come in an order of the seed, and each draws its own wrong label: what a rate changes, a
/// larger one changes too, and in the same way.
/// </summary>
internal static class LabelNoise
{
    /// <returns>The rows in their order, some with another label.</returns>
    public static IReadOnlyList<Example> Apply(
        IReadOnlyList<Example> rows,
        IReadOnlyList<string> labels,
        CorruptionSpec spec,
        string split
    )
    {
        if (spec.Noise == "none" || labels.Count < 2)
            return rows;
        var order = Enumerable.Range(0, rows.Count).Where(row => rows[row].Label is not null).ToArray();
        new SeededRandom(spec.Seed, $"noise {split}").Shuffle<int>(order);
        var changed = spec.Noise == "confusion" ? order.Length : (int)Math.Round(spec.Rate * order.Length);
        var noisy = rows.ToArray();
        foreach (var row in order.Take(changed))
            noisy[row] = rows[row] with { Label = Wrong(rows[row], labels, spec, split) };
        return noisy;
    }

    private static string Wrong(Example row, IReadOnlyList<string> labels, CorruptionSpec spec, string split)
    {
        var random = new SeededRandom(spec.Seed, $"noise {split} {row.Id}");
        var own = Enumerable.Range(0, labels.Count).First(label => labels[label] == row.Label);
        switch (spec.Noise)
        {
            case "symmetric":
                return labels[(own + 1 + random.Next(labels.Count - 1)) % labels.Count];
            case "pairs":
                return spec.Flips is { } flips
                    ? flips.GetValueOrDefault(row.Label!, row.Label!)
                    : labels[(own + 1) % labels.Count];
            default:
                return spec.Confusion!.TryGetValue(row.Label!, out var given)
                    ? Draw(CorruptionSpec.ReadShares(given)!, labels, random)
                    : row.Label!;
        }
    }

    private static string Draw(
        IReadOnlyDictionary<string, double> shares,
        IReadOnlyList<string> labels,
        SeededRandom random
    )
    {
        var at = random.NextDouble();
        var drawn = labels.Where(shares.ContainsKey).ToList();
        foreach (var label in drawn)
            if ((at -= shares[label]) < 0)
                return label;
        return drawn.Last(label => shares[label] > 0); // the sum may lack a rounding
    }
}
