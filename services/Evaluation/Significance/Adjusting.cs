namespace TransferPipeline.Evaluation.Significance;

/// <summary>p values adjusted for the number of tests, in the order given.</summary>
internal static class Adjusting
{
    /// <summary>Controls the chance of any false finding (Holm 1979).</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var largest = 0.0;
        foreach (var (index, rank) in Ascending(p))
            adjusted[index] = largest = Math.Max(largest, Math.Min(1, (p.Count - rank) * p[index]));
        return adjusted;
    }

    /// <summary>Controls the share of false findings (Benjamini and Hochberg 1995).</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p)
    {
        var adjusted = new double[p.Count];
        var smallest = 1.0;
        foreach (var (index, rank) in Ascending(p).Reverse())
            adjusted[index] = smallest = Math.Min(smallest, p[index] * p.Count / (rank + 1));
        return adjusted;
    }

    private static IEnumerable<(int Index, int Rank)> Ascending(IReadOnlyList<double> p) =>
        Enumerable.Range(0, p.Count).OrderBy(index => p[index]).Select((index, rank) => (index, rank));
}
