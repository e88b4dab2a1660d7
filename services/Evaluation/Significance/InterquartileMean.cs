namespace TransferPipeline.Evaluation.Significance;

/// <summary>Mean without the lowest and the highest quarter of the values (Agarwal et al. 2021).</summary>
internal static class InterquartileMean
{
    public static double Of(IReadOnlyList<double> values)
    {
        var cut = values.Count / 4;
        return values.Order().Skip(cut).Take(values.Count - 2 * cut).Average();
    }
}
