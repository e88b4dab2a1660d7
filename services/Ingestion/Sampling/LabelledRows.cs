using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>The class of every row of a split: 0 for none, else the label's position in the label set plus 1.</summary>
internal sealed class LabelledRows
{
    private readonly List<ushort> _classes = [];
    private readonly string _split;
    private readonly IReadOnlyList<string> _names;

    /// <param name="labels">The label set; empty where all labels count as one class, as in a regression.</param>
    public LabelledRows(string split, string path, IReadOnlyList<string> labels)
    {
        (_split, _names) = (split, labels.Count > 0 ? labels : ["any"]);
        var positions = labels
            .Select((label, position) => (label, position))
            .ToDictionary(pair => pair.label, pair => pair.position);
        foreach (var label in SplitReader.ReadLabels(path))
            _classes.Add(label is null ? (ushort)0 : (ushort)(labels.Count == 0 ? 1 : positions[label] + 1));
    }

    public int Rows => _classes.Count;

    public IReadOnlyList<ushort> Classes => _classes;

    /// <summary>How many of these rows each class has; position 0 counts those without a label.</summary>
    public int[] Count(IEnumerable<int> rows)
    {
        var counts = new int[_names.Count + 1];
        foreach (var row in rows)
            counts[_classes[row]]++;
        return counts;
    }

    /// <summary>How many rows each class has.</summary>
    public int[] Count() => Count(Enumerable.Range(0, Rows));

    /// <summary>
    /// Rows of each class, as many as asked, chosen by the seed and sorted. Each class draws from a sequence of its own,
    /// and a larger sample of the same seed holds the smaller one.
    /// </summary>
    public List<int> Choose(IReadOnlyList<int> counts, long seed)
    {
        var chosen = new List<int>();
        for (var @class = 1; @class < counts.Count; @class++)
        {
            var rows = Enumerable.Range(0, Rows).Where(row => _classes[row] == @class).ToArray();
            new SeededRandom(seed, $"{_split} {_names[@class - 1]}").Shuffle<int>(rows);
            chosen.AddRange(rows.Take(counts[@class]));
        }
        chosen.Sort();
        return chosen;
    }

    /// <summary>The same count for every class.</summary>
    /// <exception cref="BadInputException">Names the classes that have fewer rows.</exception>
    public int[] PerClass(int asked)
    {
        var counts = Count();
        var lacking = Enumerable
            .Range(1, _names.Count)
            .Where(@class => counts[@class] < asked)
            .Select(@class =>
                $"perClass: class '{_names[@class - 1]}' has {counts[@class]} labelled rows in {_split}; {asked} were asked for"
            )
            .ToList();
        if (lacking.Count > 0)
            throw new BadInputException(lacking);
        return [0, .. Enumerable.Repeat(asked, _names.Count)];
    }

    /// <summary>A share of every class, at least one row of each.</summary>
    public int[] Share(double fraction) =>
        [
            .. Count()
                .Select(
                    (count, @class) =>
                        @class == 0 || count == 0
                            ? 0
                            : Math.Max(1, (int)Math.Round(fraction * count, MidpointRounding.AwayFromZero))
                ),
        ];
}
