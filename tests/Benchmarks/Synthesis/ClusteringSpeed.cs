using TransferPipeline.Benchmarks.Training;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Benchmarks.Synthesis;

/// <summary>How long do 20 iterations of exact K-Means take, beside the products that they consist of?</summary>
internal static class ClusteringSpeed
{
    private const int Iterations = 20;

    public static void Run(BenchmarkInputs inputs)
    {
        var compute = inputs.Compute;
        var (rows, width, clusters) = (inputs.Number("rows", 100_000), 384, 100);
        var points = Points(rows, width);
        var lloyd = Settings(clusters, compute.Threads) with { Iterations = Iterations, Tolerance = 0 };
        var seeding = Measured.Once(() => (lloyd with { Iterations = 0 }).Fit(points));
        var before = MatrixProduct.Rate(compute);
        var exact = Measured.Once(() => lloyd.Fit(points)) - seeding;
        var after = MatrixProduct.Rate(compute);
        var batches = Measured.Once(() => (lloyd with { MiniBatch = true }).Fit(points)) - seeding;

        var operations = 2e-9 * rows * width * clusters * Iterations;
        Measured.Head(
            "rows × columns",
            "clusters",
            "threads",
            "seeding s",
            "exact, 20 iterations s",
            "mini-batch s",
            "1024³ GFLOP/s before",
            "after",
            "share of it"
        );
        Measured.Row(
            $"{rows:N0} × {width}",
            clusters,
            compute.Threads,
            seeding,
            exact,
            batches,
            before,
            after,
            operations / exact / ((before + after) / 2)
        );
    }

    private static KMeans Settings(int clusters, int threads) => new(clusters, Seed: 13, threads, Starts: 1);

    /// <summary>Blurred around 150 centres, so that no iteration is the last.</summary>
    private static DenseRows Points(int rows, int width)
    {
        var random = new SeededRandom(13, "points");
        var centres = Enumerable.Range(0, 150 * width).Select(_ => Uniform(random)).ToArray();
        var values = new float[rows * width];
        for (var row = 0; row < rows; row++)
        {
            var centre = random.Next(150) * width;
            for (var column = 0; column < width; column++)
                values[row * width + column] = 0.3f * centres[centre + column] + Uniform(random);
        }
        return new(values, width);
    }

    private static float Uniform(SeededRandom random) => random.Next(20_001) / 10_000f - 1;
}
