using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Tests.Clustering;

/// <summary>Points around centres that are known.</summary>
internal static class PlantedPoints
{
    /// <summary>Of each centre in turn, so many points within ±spread of it.</summary>
    public static DenseRows Around(float[][] centres, int each, float spread, long seed = 13)
    {
        var random = new SeededRandom(seed, "planted");
        return DenseRows.Of([
            .. centres.SelectMany(centre =>
                Enumerable
                    .Range(0, each)
                    .Select(_ => Array.ConvertAll(centre, value => value + spread * Uniform(random)))
            ),
        ]);
    }

    /// <summary>Points without any structure.</summary>
    public static DenseRows Noise(int count, int width, long seed = 13)
    {
        var random = new SeededRandom(seed, "noise");
        return new([.. Enumerable.Range(0, count * width).Select(_ => Uniform(random))], width);
    }

    private static float Uniform(SeededRandom random) => random.Next(20_001) / 10_000f - 1;
}
