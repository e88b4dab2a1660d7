using TransferPipeline.Contracts;

namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>Coverage, overlaps, conflicts and polarity of each function, and its accuracy where labels can be seen.</summary>
internal static class VoteCounts
{
    /// <param name="truth">The label of each row; -1 where it has none.</param>
    /// <param name="learned">What a label model thinks of each function; null where it learns nothing of it.</param>
    public static IReadOnlyList<FunctionAnalysis> Of(
        VoteTable table,
        VotePatterns patterns,
        IReadOnlyList<int> truth,
        IReadOnlyList<double?> learned
    ) => [.. table.Functions.Select((_, function) => Of(function, table, patterns, truth, learned[function]))];

    private static FunctionAnalysis Of(
        int function,
        VoteTable table,
        VotePatterns patterns,
        IReadOnlyList<int> truth,
        double? learned
    )
    {
        var (covered, overlaps, conflicts) = (0.0, 0.0, 0.0);
        var polarity = new SortedSet<int>();
        for (var pattern = 0; pattern < patterns.Count; pattern++)
        {
            var votes = patterns[pattern];
            var own = votes[function];
            if (own == VoteTable.Abstains)
                continue;
            polarity.Add(own);
            covered += patterns.Weight(pattern);
            var (others, differing) = (0, 0);
            for (var other = 0; other < votes.Length; other++)
            {
                if (other == function || votes[other] == VoteTable.Abstains)
                    continue;
                others++;
                differing += votes[other] == own ? 0 : 1;
            }
            overlaps += others > 0 ? patterns.Weight(pattern) : 0;
            conflicts += differing > 0 ? patterns.Weight(pattern) : 0;
        }

        var rows = Math.Max(1, table.Rows);
        return new FunctionAnalysis(
            table.Functions[function],
            [.. polarity.Select(label => table.Labels[label])],
            covered / rows,
            overlaps / rows,
            conflicts / rows,
            Empirical(function, table, truth),
            covered > 0 ? learned : null
        );
    }

    private static double? Empirical(int function, VoteTable table, IReadOnlyList<int> truth)
    {
        var (votes, right) = (0, 0);
        for (var row = 0; row < table.Rows; row++)
        {
            if (truth[row] < 0 || table[row, function] == VoteTable.Abstains)
                continue;
            votes++;
            right += table[row, function] == truth[row] ? 1 : 0;
        }
        return votes == 0 ? null : (double)right / votes;
    }
}
