using TransferPipeline.Contracts;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>Everything that is wrong with a scenario, each with its place, so that one message can tell it all.</summary>
internal sealed class Problems(string file)
{
    private readonly HashSet<(Place Place, string Text)> _found = [];

    public int Count => _found.Count;

    public void Add(Place place, string key, string text) => _found.Add((place, $"{key}: {text}"));

    /// <summary>Tells of a key that is not known, and of the known one that it may have been meant to be.</summary>
    public void AddUnknown(Place place, string path, string key, IEnumerable<string> known, string what = "key") =>
        Add(place, path, Unknown(key, known, what));

    public static string Unknown(string word, IEnumerable<string> known, string what)
    {
        var all = known.ToList();
        var near = all.Select(candidate => (Candidate: candidate, Edits: Edits(word, candidate)))
            .Where(pair => pair.Edits <= Math.Max(2, pair.Candidate.Length / 3) && pair.Edits < pair.Candidate.Length)
            .OrderBy(pair => pair.Edits)
            .Select(pair => pair.Candidate)
            .FirstOrDefault();
        var hint = near is null ? "" : $", did you mean '{near}'?";
        var expected = all.Count == 0 ? "there are none here" : $"expected one of {string.Join(", ", all)}";
        return $"unknown {what} '{word}'{hint} ({expected})";
    }

    /// <exception cref="BadInputException">There are problems.</exception>
    public void Throw()
    {
        if (Count > 0)
            throw new BadInputException([
                .. _found
                    .OrderBy(problem => problem.Place.Override is null ? 0 : 1)
                    .ThenBy(problem => problem.Place.Line)
                    .ThenBy(problem => problem.Place.Column)
                    .Select(problem => $"{problem.Place.In(file)}: {problem.Text}"),
            ]);
    }

    /// <summary>Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.</summary>
    internal static int Edits(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= to.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
        for (var j = 1; j <= to.Length; j++)
        {
            var same = char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]);
            var best = Math.Min(rows[i - 1, j - 1] + (same ? 0 : 1), Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                best = Math.Min(best, rows[i - 2, j - 2] + 1);
            rows[i, j] = best;
        }
        return rows[from.Length, to.Length];
    }
}
