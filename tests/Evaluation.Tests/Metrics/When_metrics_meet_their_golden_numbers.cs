using System.Text.Json;
using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Tests.Metrics;

public class When_metrics_meet_their_golden_numbers
{
    private static readonly Dictionary<string, string> GoldenNames = new()
    {
        ["accuracy"] = "accuracy",
        ["balancedAccuracy"] = "balanced_accuracy",
        ["macroF1"] = "macro_f1",
        ["microF1"] = "micro_f1",
        ["weightedF1"] = "weighted_f1",
        ["matthews"] = "matthews",
        ["cohenKappa"] = "cohen_kappa",
        ["averagePrecision"] = "average_precision",
        ["rocAuc"] = "roc_auc",
        ["ece"] = "ece_10_equal_width",
        ["brier"] = "brier_multiclass",
        ["logLoss"] = "log_loss",
    };

    public static TheoryData<string, int> Classification => MetricsGolden.Cases("classification");

    public static TheoryData<string, int> Regression => MetricsGolden.Cases("regression");

    [Theory]
    [MemberData(nameof(Classification))]
    public void The_classification_metrics_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "classification", index);
        var rows = Rows(golden);
        foreach (var metric in MetricSet.Classification.Where(metric => metric is not PositiveF1))
            if (golden.TryGetProperty(GoldenNames[metric.Name], out var expected))
                Assert.Equal(expected.GetDouble(), metric.Of(rows), Tolerance(metric, rows));
            else
                Assert.True(double.IsNaN(metric.Of(rows)), $"{metric.Name} is defined for two classes only.");
    }

    [Theory]
    [MemberData(nameof(Classification))]
    public void The_confusion_matrix_and_the_figures_of_each_class_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "classification", index);
        var perClass = golden.GetProperty("per_class");
        var matrix = Rows(golden).Confusion;
        Assert.Equal(golden.GetProperty("confusion").Deserialize<int[][]>(), matrix.ToRows());
        for (var label = 0; label < matrix.Classes; label++)
        {
            Assert.Equal(perClass.Numbers("precision")[label], matrix.Precision(label), 1e-12);
            Assert.Equal(perClass.Numbers("recall")[label], matrix.Recall(label), 1e-12);
            Assert.Equal(perClass.Numbers("f1")[label], matrix.F1(label), 1e-12);
            Assert.Equal(perClass.Integers("support")[label], matrix.Actual[label]);
        }
    }

    [Theory]
    [MemberData(nameof(Classification))]
    public void The_F1_of_two_classes_is_that_of_the_second(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "classification", index);
        var expected = golden.GetProperty("per_class").Numbers("f1");

        Assert.Equal(expected.Length == 2 ? expected[1] : double.NaN, new PositiveF1().Of(Rows(golden)), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Regression))]
    public void The_regression_metrics_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "regression", index);
        var rows = new RegressionRows(golden.Numbers("labels"), golden.Numbers("predictions"));
        foreach (var metric in MetricSet.Regression)
            Assert.Equal(golden.Number(metric.Name), metric.Of(rows), 1e-9);
    }

    // The golden file holds probabilities of six decimals; its expected figures were made from the unrounded ones, and
    // half a unit of the last decimal moves −log p by that over p.
    private static double Tolerance(IMetric<ClassificationRows> metric, ClassificationRows rows) =>
        metric switch
        {
            CalibrationError or Brier => 1e-6,
            LogLoss => rows.Mean(row => 5e-7 / rows.Probabilities[row][rows.Truth[row]]),
            _ => 1e-9,
        };

    private static ClassificationRows Rows(JsonElement golden) =>
        new(
            golden.Integers("labels"),
            golden.Integers("predictions"),
            golden.GetProperty("probabilities").Deserialize<double[][]>()!,
            golden.GetProperty("classes").GetInt32()
        );
}
