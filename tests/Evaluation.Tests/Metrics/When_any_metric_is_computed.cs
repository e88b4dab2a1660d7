using CsCheck;
using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Tests.Metrics;

/// <summary>What every metric keeps to.</summary>
public class When_any_metric_is_computed
{
    private static readonly Gen<ClassificationRows> AnyRows =
        from classes in Gen.Int[2, 5]
        from n in Gen.Int[1, 60]
        from truth in Gen.Int[0, classes - 1].Array[n]
        from weights in Gen.Double[0.001, 1].Array[classes].Array[n]
        select From(truth, weights, classes);

    private static readonly Gen<RegressionRows> AnyNumbers =
        from n in Gen.Int[2, 60]
        from truth in Gen.Int[0, 8].Select(value => value / 2.0).Array[n]
        from predicted in Gen.Int[-4, 12].Select(value => value / 3.0).Array[n]
        select new RegressionRows(truth, predicted);

    [Fact]
    public void The_order_of_the_rows_changes_nothing() =>
        (from rows in AnyRows from order in Gen.Shuffle(Order(rows.Total)) select (rows, order)).Sample(given =>
        {
            var permuted = new ClassificationRows(
                Array.ConvertAll(given.order, row => given.rows.Truth[row]),
                Array.ConvertAll(given.order, row => given.rows.Predicted[row]),
                Array.ConvertAll(given.order, row => given.rows.Probabilities[row]),
                given.rows.Classes
            );
            foreach (var metric in MetricSet.Classification)
                Assert.Equal(metric.Of(given.rows), metric.Of(permuted), 1e-9);
        });

    [Fact]
    public void The_order_of_the_numbers_changes_nothing() =>
        (from rows in AnyNumbers from order in Gen.Shuffle(Order(rows.Truth.Length)) select (rows, order)).Sample(
            given =>
            {
                var permuted = new RegressionRows(
                    Array.ConvertAll(given.order, row => given.rows.Truth[row]),
                    Array.ConvertAll(given.order, row => given.rows.Predicted[row])
                );
                foreach (var metric in MetricSet.Regression)
                    Assert.Equal(metric.Of(given.rows), metric.Of(permuted), 1e-9);
            }
        );

    [Fact]
    public void A_row_that_counts_twice_is_a_row_written_twice() =>
        (
            from rows in AnyRows
            from counts in Gen.Int[0, 3].Array[rows.Total]
            where counts.Sum() > 0
            select (rows, counts)
        ).Sample(given =>
        {
            var (rows, counts) = given;
            var repeated = Order(rows.Total).SelectMany(row => Enumerable.Repeat(row, counts[row])).ToArray();
            var written = new ClassificationRows(
                Array.ConvertAll(repeated, row => rows.Truth[row]),
                Array.ConvertAll(repeated, row => rows.Predicted[row]),
                Array.ConvertAll(repeated, row => rows.Probabilities[row]),
                rows.Classes
            );
            foreach (var metric in MetricSet.Classification)
                Assert.Equal(metric.Of(written), metric.Of(rows.Drawn(counts)), 1e-9);
        });

    [Fact]
    public void Perfect_predictions_get_the_perfect_figure()
    {
        int[] truth = [0, 1, 1, 0, 1];
        var sure = Array.ConvertAll(truth, label => label == 0 ? new[] { 1.0, 0.0 } : [0.0, 1.0]);
        var rows = new ClassificationRows(truth, truth, sure, 2);
        foreach (var metric in MetricSet.Classification)
            Assert.Equal(metric.Perfect, metric.Of(rows), 1e-12);

        var numbers = new RegressionRows([1.5, 2, 0, 4], [1.5, 2, 0, 4]);
        foreach (var metric in MetricSet.Regression)
            Assert.Equal(metric.Perfect, metric.Of(numbers), 1e-12);
    }

    [Fact]
    public void The_names_differ()
    {
        string[] names =
        [
            .. MetricSet.Classification.Select(metric => metric.Name),
            .. MetricSet.Regression.Select(metric => metric.Name),
        ];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Kendall_agrees_with_counting_every_pair() =>
        AnyNumbers.Sample(rows => Assert.Equal(ByPairs(rows), new Kendall().Of(rows), 1e-9));

    [Fact]
    public void A_confidence_on_the_edge_of_two_bins_falls_into_the_lower_one()
    {
        // (0.5, 0.6] holds the first two rows: confidence 1.15 against 1 right; (0.6, 0.7] the third: 0.7 against 1.
        var rows = new ClassificationRows(
            [0, 1, 0],
            [0, 0, 0],
            [
                [0.6, 0.4],
                [0.55, 0.45],
                [0.7, 0.3],
            ],
            2
        );
        Assert.Equal((0.15 + 0.3) / 3, new CalibrationError().Of(rows), 1e-12);
    }

    private static double ByPairs(RegressionRows rows)
    {
        double balance = 0;
        double truth = 0;
        double predicted = 0;
        for (var left = 0; left < rows.Truth.Length; left++)
        for (var right = 0; right < left; right++)
        {
            var x = Math.Sign(rows.Truth[left] - rows.Truth[right]);
            var y = Math.Sign(rows.Predicted[left] - rows.Predicted[right]);
            balance += x * y;
            truth += x * x;
            predicted += y * y;
        }
        return truth * predicted == 0 ? double.NaN : balance / Math.Sqrt(truth * predicted);
    }

    private static int[] Order(int n) => [.. Enumerable.Range(0, n)];

    private static ClassificationRows From(int[] truth, double[][] weights, int classes)
    {
        var probabilities = Array.ConvertAll(
            weights,
            row => Array.ConvertAll(row, weight => Math.Round(weight / row.Sum(), 2))
        );
        var predicted = Array.ConvertAll(probabilities, row => Array.IndexOf(row, row.Max()));
        return new ClassificationRows(truth, predicted, probabilities, classes);
    }
}
