using MathNet.Numerics.Distributions;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Score interval of a proportion (Wilson 1927).</summary>
internal static class Wilson
{
    private static readonly double Z = Normal.InvCDF(0, 1, 0.975);

    public static Interval Of(long successes, long n)
    {
        var p = (double)successes / n;
        var spread = 1 + Z * Z / n;
        var centre = (p + Z * Z / (2 * n)) / spread;
        var half = Z / spread * Math.Sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
        return new Interval(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
