using System.Diagnostics;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>
/// How long does it take to fit a model to labelled sentences and to score others with it: tokens, batches of 16 in which
/// lengths are alike, three epochs, the model saved and opened again?
/// </summary>
internal static class SentencesEndToEnd
{
    private const int Batch = 16;
    private const int MaxTokens = 128;
    private const double LearningRate = 5e-5;

    /// <summary>GFLOP/s of the product on the machine on which Transformers was measured.</summary>
    private const double Reference = 240;

    public static void Run(BenchmarkInputs inputs)
    {
        var compute = RateTable.Begin(inputs);
        var (train, dev, test) = (inputs.Sentences, inputs.Lines("dev"), inputs.Lines("test"));
        string[] labels = [.. train.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        var seed = inputs.Number("seed", 13);
        var folder = Directory.CreateTempSubdirectory("transfer-benchmark-").FullName;
        try
        {
            var before = MatrixProduct.Rate(compute);
            var watch = Stopwatch.StartNew();
            var updates = Train(inputs, train, labels, seed, folder);
            var trained = watch.Elapsed.TotalSeconds;
            using var classifier = Classifiers.Open(folder, compute);
            var onDev = Accuracy(classifier, dev);
            var onTest = Accuracy(classifier, test);
            var all = watch.Elapsed.TotalSeconds;
            var product = (before + MatrixProduct.Rate(compute)) / 2;

            Measured.Head(
                "precision",
                "seed",
                "updates",
                "training s",
                "with scoring s",
                "fp32 product GFLOP/s",
                $"scaled to {Reference}: s",
                "accuracy % dev",
                "test",
                "peak memory MB"
            );
            Measured.Row(
                compute.Placement.Precision,
                seed,
                updates,
                trained,
                all,
                product,
                all * product / Reference,
                100 * onDev,
                100 * onTest,
                Measured.PeakMemory() / 1_000_000
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Train(
        BenchmarkInputs inputs,
        IReadOnlyList<(string Label, string Text)> train,
        string[] labels,
        int seed,
        string folder
    )
    {
        var masks = new DropoutMasks(seed);
        var tokenizer = Tokenizers.Open(inputs.Model);
        var settings = new ModelSettings
        {
            Masks = masks,
            Seed = seed,
            Placement = inputs.Compute.Placement,
        };
        using var model = SequenceClassification.Open(inputs.Model, settings, new ClassifierTask(labels));
        var examples = new TrainingExamples(
            [.. train.Select(row => tokenizer.Encode(row.Text, null, MaxTokens))],
            [.. train.Select(row => (float)Array.IndexOf(labels, row.Label))]
        );
        var perEpoch = (train.Count + Batch - 1) / Batch;
        var updates = inputs.Number("updates", inputs.Number("epochs", 3) * perEpoch);
        var plan = new TrainingPlan(updates, Batch, LearningRate, new AdamWOptions(), OrderSeed: seed)
        {
            CheckpointEvery = int.MaxValue,
        };
        new TrainingLoop(new SequenceTask(model, masks, tokenizer.PadId, examples), plan, new NoCheckpoints()).Run(
            CancellationToken.None
        );
        model.Save(folder);
        tokenizer.Save(folder, MaxTokens);
        return updates;
    }

    private static double Accuracy(IClassifier classifier, IReadOnlyList<(string Label, string Text)> rows)
    {
        var predicted = classifier.Predict([.. rows.Select(row => new ModelText(row.Text))]);
        return rows.Zip(predicted)
            .Average(row =>
                classifier.Labels[Array.IndexOf(row.Second, row.Second.Max())] == row.First.Label ? 1.0 : 0
            );
    }
}
