using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>Places of some rows on the plane of their first two principal components.</summary>
internal static class PlaneMap
{
    private const int Most = 600;
    private const int Iterations = 60;

    /// <returns>By row.</returns>
    public static IReadOnlyDictionary<int, (float X, float Y)> Of(DenseRows rows, long seed, CancellationToken stop)
    {
        int[] shown = [.. Enumerable.Range(0, rows.Count)];
        new SeededRandom(seed, "map").Shuffle<int>(shown);
        shown = shown[..Math.Min(Most, shown.Length)];

        var mean = new double[rows.Width];
        foreach (var row in shown)
            Distances.Add(rows[row], mean);
        var centred = FeatureRows.Dense(
            [
                .. shown.Select(row =>
                    rows[row].ToArray().Zip(mean, (value, sum) => value - (float)(sum / shown.Length)).ToArray()
                ),
            ],
            rows.Width
        );
        var places = TruncatedSvd.Project(centred, TruncatedSvd.Directions(centred, 2, seed, Iterations, stop));
        return shown.Zip(places).ToDictionary(pair => pair.First, pair => (At(pair.Second, 0), At(pair.Second, 1)));
    }

    private static float At(float[] place, int axis) => axis < place.Length ? place[axis] : 0;
}
