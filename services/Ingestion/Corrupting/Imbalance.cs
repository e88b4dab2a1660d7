using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Corrupting;

/// <summary>Keeps fewer rows of some labels, those that come first in an order of the seed; rows without a label all stay.</summary>
internal static class Imbalance
{
    /// <exception cref="BadInputException">More rows of a label are asked for than there are.</exception>
    public static IReadOnlyList<Example> Apply(
        IReadOnlyList<Example> rows,
        IReadOnlyList<string> labels,
        CorruptionSpec spec,
        string split
    )
    {
        if (spec.Imbalance == "none")
            return rows;
        var groups = labels
            .Select(label => Enumerable.Range(0, rows.Count).Where(row => rows[row].Label == label).ToArray())
            .ToList();
        var counts =
            spec.Imbalance == "counts"
                ? Given(labels, groups, spec, split)
                : LongTail([.. groups.Select(group => group.Length)], spec.Ratio);
        var dropped = new HashSet<int>();
        foreach (var (label, group) in groups.Index())
        {
            new SeededRandom(spec.Seed, $"imbalance {split} {labels[label]}").Shuffle<int>(group);
            dropped.UnionWith(group.Skip(counts[label]));
        }
        return [.. rows.Where((_, row) => !dropped.Contains(row))];
    }

    /// <summary>The k-th most frequent of K labels has most · ratio^(−k / (K − 1)) rows, never more than it had, never none.</summary>
    internal static int[] LongTail(int[] counts, double ratio)
    {
        var order = Enumerable.Range(0, counts.Length).OrderByDescending(label => counts[label]).ToList(); // stable
        var tail = (int[])counts.Clone();
        for (var place = 1; place < order.Count; place++)
        {
            var rows = counts[order[0]] * Math.Pow(ratio, -place / (counts.Length - 1.0));
            tail[order[place]] = Math.Min(counts[order[place]], Math.Max(1, (int)Math.Round(rows)));
        }
        return tail;
    }

    /// <summary>As they are named; of a label that is not named all.</summary>
    private static int[] Given(IReadOnlyList<string> labels, List<int[]> groups, CorruptionSpec spec, string split)
    {
        var counts = new int[labels.Count];
        for (var label = 0; label < counts.Length; label++)
        {
            counts[label] = groups[label].Length;
            if (!spec.Counts!.TryGetValue(labels[label], out var asked))
                continue;
            counts[label] = int.Parse(asked, CultureInfo.InvariantCulture);
            if (counts[label] > groups[label].Length)
                throw new BadInputException(
                    $"counts: class '{labels[label]}' has {groups[label].Length} labelled rows in {split}; {asked} were asked for"
                );
        }
        return counts;
    }
}
