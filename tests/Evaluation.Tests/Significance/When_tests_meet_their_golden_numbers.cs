using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Tests.Significance;

public class When_tests_meet_their_golden_numbers
{
    public static TheoryData<string, int> Paired => MetricsGolden.Cases("paired");

    public static TheoryData<string, int> Proportion => MetricsGolden.Cases("proportion");

    public static TheoryData<string, int> Seeds => MetricsGolden.Cases("seeds");

    public static TheoryData<string, int> Multiple => MetricsGolden.Cases("multiple");

    [Theory]
    [MemberData(nameof(Paired))]
    public void The_tests_on_the_same_rows_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "paired", index);
        var first = golden.GetProperty("only_a_right").GetInt32();
        var second = golden.GetProperty("only_b_right").GetInt32();
        Assert.Equal(golden.Number("mcnemar_exact_p"), McNemar.Exact(first, second), 1e-10);

        var corrected = golden.GetProperty("mcnemar_chi2_corrected_p");
        if (corrected.ValueKind is System.Text.Json.JsonValueKind.Null)
            Assert.True(double.IsNaN(McNemar.ChiSquared(first, second)));
        else
            Assert.Equal(corrected.GetDouble(), McNemar.ChiSquared(first, second), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Proportion))]
    public void The_intervals_of_proportions_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "proportion", index);
        var interval = Wilson.Of(golden.GetProperty("successes").GetInt64(), golden.GetProperty("n").GetInt64());
        Assert.Equal(golden.Numbers("wilson_95")[0], interval.Low, 1e-12);
        Assert.Equal(golden.Numbers("wilson_95")[1], interval.High, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_tests_and_intervals_over_seeds_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "seeds", index);
        var a = golden.Numbers("a");
        var b = golden.Numbers("b");
        var sample = new Sample(a);
        Assert.Equal(golden.Number("welch_p"), TTests.Welch(a, b), 1e-10);
        Assert.Equal(golden.Number("paired_t_p"), TTests.Paired(a, b), 1e-10);
        Assert.Equal(golden.Number("wilcoxon_exact_p"), Wilcoxon.Exact(a, b), 1e-12);
        Assert.Equal(golden.Number("mean_a"), sample.Mean, 1e-12);
        Assert.Equal(golden.Number("sd_a"), sample.Deviation!.Value, 1e-12);
        Assert.Equal(golden.Numbers("t_interval_95_a")[0], sample.Interval!.Value.Low, 1e-10);
        Assert.Equal(golden.Numbers("t_interval_95_a")[1], sample.Interval!.Value.High, 1e-10);
        Assert.Equal(golden.Number("iqm_ab"), InterquartileMean.Of([.. a, .. b]), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Multiple))]
    public void The_adjusted_p_values_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "multiple", index);
        var p = golden.Numbers("p");
        Assert.Equal(golden.Numbers("holm"), Adjusting.Holm(p), (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(
            golden.Numbers("benjamini_hochberg"),
            Adjusting.BenjaminiHochberg(p),
            (x, y) => Math.Abs(x - y) < 1e-12
        );
    }
}
