using CsCheck;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Tests.Significance;

public class When_uncertainty_is_computed_by_hand
{
    [Fact]
    public void The_percentiles_lie_between_neighbours()
    {
        // 41 figures 0 … 40: quantile 0.025 is the second smallest, 0.975 the second largest.
        var interval = Bootstrap.Percentiles([.. Enumerable.Range(0, 41).Select(value => (double)value).Reverse()]);
        Assert.Equal(new Interval(1, 39), interval);
        // Five figures: 0.025 · 4 = 0.1 of the way from the first to the second.
        Assert.Equal(new Interval(1.1, 4.9), Bootstrap.Percentiles([1, 2, 3, 4, 5]));
    }

    [Fact]
    public void The_bootstrap_of_ten_rows_half_right_is_the_binomial_one()
    {
        // Binomial(10, ½): P(X ≤ 1) = 0.0107 < 0.025 < P(X ≤ 2) = 0.0547, and the mirror image above.
        int[] truth = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        int[] predicted = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
        var rows = new ClassificationRows(truth, predicted, Array.ConvertAll(truth, _ => new[] { 0.5, 0.5 }), 2);
        var accuracies = Bootstrap.Draws(10, 10_000, 13).Select(counts => new Accuracy().Of(rows.Drawn(counts)));
        Assert.Equal(new Interval(0.2, 0.8), Bootstrap.Percentiles([.. accuracies]));
    }

    [Fact]
    public void Each_resample_draws_as_many_rows_as_there_are_and_the_seed_decides_which()
    {
        var draws = Bootstrap.Draws(7, 50, 13).ToArray();
        Assert.All(draws, counts => Assert.Equal(7, counts.Sum()));
        Assert.Equal(draws, Bootstrap.Draws(7, 50, 13));
        Assert.NotEqual(draws, Bootstrap.Draws(7, 50, 21));
    }

    [Fact]
    public void Figures_that_most_resamples_do_not_define_have_no_interval()
    {
        Assert.Null(Bootstrap.Percentiles([double.NaN, double.NaN, 1]));
        Assert.Equal(new Interval(1, 1), Bootstrap.Percentiles([double.NaN, 1, 1]));
    }

    [Fact]
    public void The_interval_of_two_seeds_is_wide()
    {
        // t(0.975, 1) = 12.7062; mean 0.8, sd 0.1 · √2 / √2 = 0.141421 / √2 = 0.1 a side.
        var sample = new Sample([0.7, 0.9]);
        Assert.Equal(0.8 - 1.27062, sample.Interval!.Value.Low, 1e-5);
        Assert.Equal(0.8 + 1.27062, sample.Interval!.Value.High, 1e-5);
        Assert.Equal(new Interval(0, 1), new Sample([0.7, 0.9], possible: new(0, 1)).Interval);
    }

    [Fact]
    public void One_seed_has_a_mean_and_no_spread()
    {
        var sample = new Sample([0.7]);
        Assert.Equal(0.7, sample.Mean);
        Assert.Null(sample.Deviation);
        Assert.Null(sample.Interval);
    }

    [Fact]
    public void Differences_that_are_all_equal_give_no_p_value()
    {
        Assert.True(double.IsNaN(TTests.OneSample([0.25, 0.25, 0.25])));
        // 0.30000000000000004 and 0.29999999999999993: what is left of their spread is rounding.
        Assert.True(double.IsNaN(TTests.Paired([0.8, 0.7], [0.5, 0.4])));
    }

    [Fact]
    public void Tied_differences_are_counted_exactly()
    {
        // |d| = 1, 1, 2 with ranks 1.5, 1.5, 3, all positive: 1 of 8 sign patterns on either side.
        Assert.Equal(0.25, Wilcoxon.Exact([1, 1, 2], [0, 0, 0]), 1e-12);
        // Signs +, −, +: sums at most 1.5 are {}, {1.5}, {1.5'}: 3 of 8, doubled.
        Assert.Equal(0.75, Wilcoxon.Exact([1, 0, 2], [0, 1, 0]), 1e-12);
        Assert.Equal(1, Wilcoxon.Exact([1, 2], [1, 2]));
    }

    [Fact]
    public void Adjusted_p_values_never_fall_below_the_raw_ones_nor_change_their_order() =>
        Gen.Double[0, 1]
            .Array[1, 20]
            .Sample(p =>
            {
                foreach (var adjusted in new[] { Adjusting.Holm(p), Adjusting.BenjaminiHochberg(p) })
                    for (var i = 0; i < p.Length; i++)
                    {
                        Assert.InRange(adjusted[i], p[i] - 1e-12, 1);
                        for (var j = 0; j < p.Length; j++)
                            Assert.False(p[i] < p[j] && adjusted[i] > adjusted[j] + 1e-12);
                    }
            });

    [Fact]
    public void Swapping_the_models_keeps_the_p_value() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 400])
            .Sample((a, b) => Assert.Equal(McNemar.Exact(a, b), McNemar.Exact(b, a), 1e-12));
}
