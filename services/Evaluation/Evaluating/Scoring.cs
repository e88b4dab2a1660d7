using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Turns true labels and predictions into figures with bootstrap intervals.</summary>
internal static class Scoring
{
    /// <summary>True labels and predictions as class numbers.</summary>
    /// <param name="labels">All class names in the order of the classes.</param>
    /// <param name="rows">The examples to take; each carries a label.</param>
    public static ClassificationRows Rows(
        IReadOnlyList<Example> examples,
        Predictions predictions,
        IReadOnlyList<string> labels,
        int[] rows
    )
    {
        var classOf = labels.Select((label, index) => (label, index)).ToDictionary(one => one.label, one => one.index);
        var columns = predictions.Labels.Select(label => classOf[label]).ToArray();
        return new ClassificationRows(
            Array.ConvertAll(rows, row => classOf[examples[row].Label!]),
            Array.ConvertAll(rows, row => classOf[predictions.LabelOf(row)]),
            Array.ConvertAll(rows, row => Spread(predictions.Outputs[row], columns, labels.Count)),
            labels.Count
        );
    }

    /// <summary>True and predicted numbers of the examples taken.</summary>
    public static RegressionRows Numbers(IReadOnlyList<Example> examples, Predictions predictions, int[] rows) =>
        new(
            Array.ConvertAll(rows, row => double.Parse(examples[row].Label!, CultureInfo.InvariantCulture)),
            Array.ConvertAll(rows, row => (double)predictions.Outputs[row][0])
        );

    public static IReadOnlyDictionary<string, MetricValue> Metrics(ClassificationRows rows, EvaluationSpec spec) =>
        Metrics(MetricSet.Classification, rows, rows.Total, rows.Drawn, spec);

    public static IReadOnlyDictionary<string, MetricValue> Metrics(RegressionRows rows, EvaluationSpec spec) =>
        Metrics(MetricSet.Regression, rows, rows.Truth.Length, rows.Drawn, spec);

    public static IReadOnlyDictionary<string, MetricValue> Metrics(EntityRows rows, EvaluationSpec spec) =>
        Metrics(MetricSet.Entities, rows, rows.Truth.Length, rows.Drawn, spec);

    public static IReadOnlyDictionary<string, MetricValue> Metrics(AnswerRows rows, EvaluationSpec spec) =>
        Metrics(MetricSet.Answers, rows, rows.Predictions.Length, rows.Drawn, spec);

    public static IReadOnlyDictionary<string, MetricValue> Metrics(LanguageRows rows, EvaluationSpec spec) =>
        Metrics(MetricSet.Language, rows, rows.Texts.Length, rows.Drawn, spec);

    /// <summary>Every metric that these rows define, with its interval.</summary>
    private static Dictionary<string, MetricValue> Metrics<TRows>(
        IReadOnlyList<IMetric<TRows>> metrics,
        TRows rows,
        int total,
        Func<int[], TRows> drawn,
        EvaluationSpec spec
    )
    {
        if (total == 0)
            return [];

        // One resample in memory at a time: with all of them a large split would need gigabytes.
        var figures = metrics.Select(_ => new List<double>(spec.Resamples)).ToArray();
        foreach (var draw in Bootstrap.Draws(total, spec.Resamples, spec.Seed).Select(drawn))
            for (var metric = 0; metric < metrics.Count; metric++)
                figures[metric].Add(metrics[metric].Of(draw));

        return metrics
            .Zip(figures, (metric, one) => (metric.Name, Value: metric.Of(rows), Interval: Bootstrap.Percentiles(one)))
            .Where(one => double.IsFinite(one.Value))
            .ToDictionary(one => one.Name, one => new MetricValue(one.Value, one.Interval?.Low, one.Interval?.High));
    }

    /// <summary>The figures of each class.</summary>
    public static IReadOnlyList<ClassScores> Classes(ConfusionMatrix matrix, IReadOnlyList<string> labels) =>
        [
            .. labels.Select(
                (label, index) =>
                    new ClassScores(
                        label,
                        matrix.Precision(index),
                        matrix.Recall(index),
                        matrix.F1(index),
                        matrix.Actual[index]
                    )
            ),
        ];

    /// <summary>The figures of each type of entity.</summary>
    public static IReadOnlyList<ClassScores> Classes(EntityRows rows) =>
        [.. rows.Types.Select(type => Class(rows, type))];

    private static ClassScores Class(EntityRows rows, string type)
    {
        var (both, truth, predicted) = rows.Count(type);
        return new ClassScores(
            type,
            predicted == 0 ? 0 : (double)both / predicted,
            truth == 0 ? 0 : (double)both / truth,
            2.0 * both / (truth + predicted),
            truth
        );
    }

    private static double[] Spread(float[] probabilities, int[] columns, int classes)
    {
        var spread = new double[classes];
        for (var column = 0; column < columns.Length; column++)
            spread[columns[column]] = probabilities[column];
        return spread;
    }
}
