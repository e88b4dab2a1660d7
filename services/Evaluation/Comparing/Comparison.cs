using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>One step's models against another's.</summary>
/// <param name="Cell">The place in the matrix, without the seed.</param>
/// <param name="Seed">The seed, for a test within one; null for a test across them.</param>
/// <param name="Difference">The first one's figure less the second one's; over several seeds their mean.</param>
/// <param name="Interval">Where the mean difference lies, across seeds.</param>
/// <param name="P">None where the differences have no spread.</param>
/// <param name="Seeds">Pairs behind the figure.</param>
internal sealed record Comparison(
    string A,
    string B,
    MatrixCell Cell,
    string? Seed,
    string Test,
    string Metric,
    double Difference,
    Interval? Interval,
    double? P,
    int Seeds
)
{
    public const string WithinSeed = "mcnemar-exact";
    public const string AcrossSeeds = "paired-t";

    private const double Level = 0.05;

    /// <summary>p corrected for all tests of the report.</summary>
    public double? Holm { get; init; }

    public bool Significant => Holm < Level;
}
