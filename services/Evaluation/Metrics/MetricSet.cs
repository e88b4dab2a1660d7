namespace TransferPipeline.Evaluation.Metrics;

/// <summary>The metrics that every row of a task reports, in the order in which reports show them.</summary>
internal static class MetricSet
{
    public static IReadOnlyList<IMetric<ClassificationRows>> Classification { get; } =
    [
        new Accuracy(),
        new BalancedAccuracy(),
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
}
