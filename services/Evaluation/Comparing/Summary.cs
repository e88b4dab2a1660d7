using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Comparing;

/// <summary>The rows that differ in nothing but the seed; what no seed reaches counts once.</summary>
internal sealed record Summary(IReadOnlyList<ScoredModel> Rows)
{
    public string Step => Rows[0].Step;

    public string Model => Rows[0].Scores.Model;

    public string Strategy => Rows[0].Strategy;

    public MatrixCell Cell => Rows[0].Cell.WithoutSeed;

    public ModelCost Cost => ModelCost.Mean([.. Rows.Select(row => row.Cost).OfType<ModelCost>()]);

    public string Dataset => Rows[0].Scores.Dataset;

    public string Split => Rows[0].Scores.Split;

    /// <summary>The metrics that all rows report.</summary>
    public IEnumerable<string> Metrics =>
        Rows[0].Scores.Metrics.Keys.Where(metric => Rows.All(row => row.Value(metric) is not null));

    public Sample? Of(string metric) =>
        Rows.All(row => row.Value(metric) is not null)
            ? new Sample(
                [.. Rows.Select(row => row.Value(metric)!.Value)],
                possible: ShareMetrics.Contains(metric) ? new(0, 1) : null
            )
            : null;

    public static IReadOnlyList<Summary> Of(IEnumerable<ScoredModel> rows) =>
        [
            .. rows.GroupBy(row => (row.ScoredBy, row.Step, row.Scores.Model, row.Strategy, row.Cell.WithoutSeed))
                .Select(group => new Summary([.. group.DistinctBy(row => row.Key)])),
        ];
}
