using Combination = System.Collections.Generic.IReadOnlyDictionary<string, string>;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>The combinations that steps are unrolled over; a combination may lack a key that only <c>include</c> gave.</summary>
internal sealed record Matrix(IReadOnlyList<string> Keys, IReadOnlyList<Combination> Combinations)
{
    /// <summary>Crosses the lists, then takes away and adds as GitHub Actions does.</summary>
    public static Matrix Of(
        IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> lists,
        IReadOnlyList<Combination> include,
        IReadOnlyList<Combination> exclude
    )
    {
        IEnumerable<Dictionary<string, string>> crossed =
        [
            [],
        ];
        foreach (var (key, values) in lists)
            crossed = crossed.SelectMany(
                combination => values,
                (combination, value) => new Dictionary<string, string>(combination) { [key] = value }
            );
        var originals = lists.Select(list => list.Key).ToHashSet();
        var kept = crossed.Where(combination => !exclude.Any(entry => Holds(combination, entry))).ToList();
        if (lists.Count == 0 && include.Count > 0)
            kept.Clear();

        // An entry joins every combination in which it changes no original value; otherwise it is one of its own.
        var crossedCount = kept.Count;
        foreach (var entry in include)
        {
            var joined = false;
            foreach (var combination in kept.Take(crossedCount))
            {
                if (
                    entry.Any(pair =>
                        originals.Contains(pair.Key) && combination.GetValueOrDefault(pair.Key) != pair.Value
                    )
                )
                    continue;
                foreach (var (key, value) in entry)
                    combination[key] = value;
                joined = true;
            }
            if (!joined)
                kept.Add(new Dictionary<string, string>(entry));
        }

        string[] keys = [.. lists.Select(list => list.Key), .. include.SelectMany(entry => entry.Keys)];
        return new Matrix([.. keys.Distinct()], [.. kept]);
    }

    /// <summary>The distinct parts of the combinations on these keys, in their order.</summary>
    public IReadOnlyList<Combination> Project(IReadOnlyList<string> keys)
    {
        var seen = new HashSet<string>();
        return
        [
            .. Combinations.Select(combination => Part(combination, keys)).Where(part => seen.Add(Text(part, keys))),
        ];
    }

    public static Combination Part(Combination combination, IReadOnlyList<string> keys) =>
        keys.Where(combination.ContainsKey).ToDictionary(key => key, key => combination[key]);

    /// <summary>Tells parts on the same keys apart.</summary>
    public static string Text(Combination part, IReadOnlyList<string> keys) =>
        string.Join('\u001f', keys.Select(key => part.TryGetValue(key, out var value) ? "=" + value : ""));

    private static bool Holds(Dictionary<string, string> combination, Combination part) =>
        part.All(pair => combination.GetValueOrDefault(pair.Key) == pair.Value);
}
