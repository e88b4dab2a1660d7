using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>What the questions after rates of a network have in common.</summary>
internal static class RateTable
{
    /// <summary>Sequences of ids that are drawn, all of one length.</summary>
    public static TokenSequence[] Sequences(int count, int length, int vocabulary, CounterRandom random) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new TokenSequence(
                    [.. Enumerable.Range(0, length).Select(_ => random.NextInt(vocabulary))],
                    Second: length
                )),
        ];

    /// <summary>What is measured on, which holds from here on.</summary>
    public static ComputeOptions Begin(BenchmarkInputs inputs)
    {
        var compute = inputs.Compute;
        compute.Apply();
        backends.cuda.matmul.allow_tf32 = inputs.Has("tf32");
        return compute;
    }

    /// <param name="rates">Ascending.</param>
    /// <param name="before">GFLOP/s of <see cref="MatrixProduct"/> before they were measured, and after.</param>
    public static void Show(BenchmarkInputs inputs, string unit, double[] rates, double before, double after)
    {
        var compute = inputs.Compute;
        Measured.Head(
            "model",
            "threads",
            "on",
            $"{unit} (median)",
            "least",
            "most",
            "fp32 product GFLOP/s before",
            "after",
            "peak memory MB"
        );
        Measured.Row(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(inputs.Model)),
            compute.Threads,
            $"{compute.Placement.Device} {compute.Placement.Precision}{(inputs.Has("tf32") ? " (tf32)" : "")}",
            Measured.Median(rates),
            rates[0],
            rates[^1],
            before,
            after,
            Measured.PeakMemory() / 1_000_000
        );
    }
}
