using System.Diagnostics;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>How many examples of 64 tokens does fine-tuning take in a second, in batches of 32?</summary>
internal static class FineTuningRate
{
    private const int Batch = 32;
    private const int Tokens = 64;
    private const int WarmUp = 3;

    public static void Run(BenchmarkInputs inputs)
    {
        var compute = RateTable.Begin(inputs);
        var updates = WarmUp + inputs.Number("updates", 20);
        var before = MatrixProduct.Rate(compute);
        var rates = Train(inputs.Model, updates, compute.Placement);
        var after = MatrixProduct.Rate(compute);

        RateTable.Show(inputs, "examples/s", rates, before, after);
    }

    /// <summary>Examples/s of each update after the first ones, ascending.</summary>
    private static double[] Train(string folder, int updates, Placement placement)
    {
        var clock = new Clock();
        var masks = new DropoutMasks(seed: 13);
        var tokenizer = Tokenizers.Open(folder);
        using var model = SequenceClassification.Open(
            folder,
            new ModelSettings
            {
                Masks = masks,
                Seed = 13,
                Placement = placement,
            },
            new ClassifierTask(["negative", "positive"])
        );
        var loop = new TrainingLoop(
            new SequenceTask(model, masks, tokenizer.PadId, Examples(tokenizer.VocabularySize)),
            new TrainingPlan(updates, Batch, LearningRate: 5e-5, new AdamWOptions(), CheckpointEvery: int.MaxValue),
            new NoCheckpoints(),
            clock
        );

        loop.Run(CancellationToken.None);
        return
        [
            .. clock
                .Ticks.Zip(clock.Ticks.Skip(1), (from, to) => Batch / Stopwatch.GetElapsedTime(from, to).TotalSeconds)
                .Skip(WarmUp)
                .Order(),
        ];
    }

    private static TrainingExamples Examples(int vocabulary)
    {
        var random = new CounterRandom(13, "tokens");
        var sequences = RateTable.Sequences(8 * Batch, Tokens, vocabulary, random);
        return new(sequences, [.. sequences.Select((_, row) => (float)(row % 2))]);
    }

    /// <summary>Notes when each update ended.</summary>
    private sealed class Clock : IProgress<TrainingProgress>
    {
        public List<long> Ticks { get; } = [];

        public void Report(TrainingProgress value) => Ticks.Add(Stopwatch.GetTimestamp());
    }
}
