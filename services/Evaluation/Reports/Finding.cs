using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What the tests at one place of the matrix say about two steps.</summary>
internal enum Verdict
{
    Higher,
    Lower,
    NotShown,
}

/// <summary>The tests of two steps at one place of the matrix, across and within seeds.</summary>
internal sealed record Finding(IReadOnlyList<Comparison> Tests)
{
    public string A => Tests[0].A;

    public string B => Tests[0].B;

    public MatrixCell Cell => Tests[0].Cell;

    public Comparison? AcrossSeeds => Tests.FirstOrDefault(test => test.Test == Comparison.AcrossSeeds);

    public IReadOnlyList<Comparison> WithinSeeds { get; } =
    [.. Tests.Where(test => test.Test == Comparison.WithinSeed)];

    /// <summary>The one that stands for the others.</summary>
    public Comparison Leading => AcrossSeeds ?? Tests[0];

    public string Metric => Leading.Metric;

    public double Difference => Leading.Difference;

    public Interval? Interval => Leading.Interval;

    /// <summary>
    /// A difference is shown where the mean over the seeds is beyond chance, or where each single seed is, all in one
    /// direction; p values corrected for all tests of the report.
    /// </summary>
    public Verdict Verdict =>
        AcrossSeeds is { Significant: true } ? Direction(AcrossSeeds)
        : WithinSeeds.Count > 0
        && WithinSeeds.All(test => test.Significant && Direction(test) == Direction(WithinSeeds[0]))
        && (AcrossSeeds is null || Direction(AcrossSeeds) == Direction(WithinSeeds[0]))
            ? Direction(WithinSeeds[0])
        : Verdict.NotShown;

    /// <summary>All findings, in the order of the comparisons.</summary>
    public static IReadOnlyList<Finding> Of(IEnumerable<Comparison> comparisons) =>
        [.. comparisons.GroupBy(test => (test.A, test.B, test.Cell)).Select(group => new Finding([.. group]))];

    private static Verdict Direction(Comparison test) => test.Difference > 0 ? Verdict.Higher : Verdict.Lower;
}
