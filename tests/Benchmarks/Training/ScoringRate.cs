using System.Diagnostics;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>How many sequences of 64 tokens does a classifier score in a second, in batches of 32?</summary>
internal static class ScoringRate
{
    private const int Batch = 32;
    private const int Tokens = 64;
    private const int WarmUp = 3;

    public static void Run(BenchmarkInputs inputs)
    {
        var compute = RateTable.Begin(inputs);
        var batches = inputs.Number("batches", 30);
        var before = MatrixProduct.Rate(compute);
        var rates = Score(inputs.Model, batches, compute);
        var after = MatrixProduct.Rate(compute);

        RateTable.Show(inputs, "sequences/s", rates, before, after);
    }

    /// <summary>Sequences/s of each batch after the first ones, ascending.</summary>
    private static double[] Score(string folder, int batches, ComputeOptions compute)
    {
        using var none = no_grad();
        using var model = SequenceClassification.Open(
            folder,
            new ModelSettings { Placement = compute.Placement },
            new ClassifierTask(["negative", "positive"])
        );
        model.eval();
        var vocabulary = Tokenizers.Open(folder).VocabularySize;
        var random = new CounterRandom(13, "tokens");
        var rates = new List<double>();
        for (var number = 0; number < WarmUp + batches; number++)
        {
            using var scope = NewDisposeScope();
            var sequences = RateTable.Sequences(Batch, Tokens, vocabulary, random);
            var start = Stopwatch.GetTimestamp();
            var batch = TokenBatch.Of(sequences, padId: 0, model.Encoder.Device);
            _ = model.call(batch).sum().item<float>(); // waits for the device
            rates.Add(Batch / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return [.. rates.Skip(WarmUp).Order()];
    }
}
