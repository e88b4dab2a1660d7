namespace TransferPipeline.Evaluation.Metrics;

/// <summary>The metrics that every row of a task reports, in the order in which reports show them.</summary>
internal static class MetricSet
{
    public static IReadOnlyList<IMetric<ClassificationRows>> Classification { get; } =
    [
        new Accuracy(),
        new BalancedAccuracy(),
        new PositiveF1(),
        new MacroF1(),
        new MicroF1(),
        new WeightedF1(),
        new Matthews(),
        new CohenKappa(),
        new AveragePrecision(),
        new RocAuc(),
        new CalibrationError(),
        new Brier(),
        new LogLoss(),
    ];

    public static IReadOnlyList<IMetric<RegressionRows>> Regression { get; } =
    [new Pearson(), new Spearman(), new Kendall(), new MeanSquaredError(), new MeanAbsoluteError()];

    public static IReadOnlyList<IMetric<EntityRows>> Entities { get; } =
    [new EntityF1(), new StrictEntityF1(), new EntityPrecision(), new EntityRecall(), new TagAccuracy()];

    public static IReadOnlyList<IMetric<LanguageRows>> Language { get; } = [new Perplexity(), new TokenAccuracy()];

    public static IReadOnlyList<IMetric<AnswerRows>> Answers { get; } = [new AnswerF1(), new ExactMatch()];

    /// <summary>The metric's <see cref="IMetric{TRows}.Perfect"/> figure: the nearer to it, the better.</summary>
    public static double Perfect(string metric) =>
        Of(Classification)
            .Concat(Of(Regression))
            .Concat(Of(Entities))
            .Concat(Of(Language))
            .Concat(Of(Answers))
            .First(one => one.Name == metric)
            .Perfect;

    private static IEnumerable<(string Name, double Perfect)> Of<TRows>(IReadOnlyList<IMetric<TRows>> metrics) =>
        metrics.Select(metric => (metric.Name, metric.Perfect));
}
