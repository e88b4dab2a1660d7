using MathNet.Numerics;

namespace TransferPipeline.Evaluation.Significance;

/// <summary>Whether two models err equally often on the same rows, from the rows that only one of them gets right.</summary>
internal static class McNemar
{
    /// <summary>Two-sided sign test on those rows; 1 where there are none.</summary>
    public static double Exact(int onlyFirst, int onlySecond)
    {
        var n = onlyFirst + onlySecond;
        var tail = 0.0;
        for (var k = 0; k <= Math.Min(onlyFirst, onlySecond); k++)
            tail += Math.Exp(SpecialFunctions.BinomialLn(n, k) - n * Math.Log(2));
        return Math.Min(1, 2 * tail);
    }

    /// <summary>The chi-squared form with continuity correction; NaN where there are no such rows.</summary>
    public static double ChiSquared(int onlyFirst, int onlySecond)
    {
        var n = onlyFirst + onlySecond;
        if (n == 0)
            return double.NaN;
        var distance = Math.Abs(onlyFirst - onlySecond) - 1;
        return SpecialFunctions.Erfc(Math.Sqrt((double)distance * distance / n / 2));
    }
}
