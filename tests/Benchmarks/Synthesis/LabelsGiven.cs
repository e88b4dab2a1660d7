using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Synthesis.Clustering;
using TransferPipeline.Synthesis.Synthesizing;

namespace TransferPipeline.Benchmarks.Synthesis;

/// <summary>
/// What do labels bring that are handed on to unlabelled text, beside few labels alone? The classifier is a logistic
/// regression on frozen embeddings, the samples are given.
/// </summary>
internal static class LabelsGiven
{
    public static void Run(BenchmarkInputs inputs)
    {
        var pool = inputs.Sentences;
        var test = inputs.Lines("test");
        string[] labels = [.. pool.Select(row => row.Label).Distinct().Order(StringComparer.Ordinal)];
        var points = Embed(inputs, [.. pool.Select(row => row.Text)]);
        var tested = Embed(inputs, [.. test.Select(row => row.Text)]);
        var spec = new SynthesisSpec
        {
            Clusters = inputs.Text("clusters", "20"),
            Support = inputs.Number("support", 1),
            Weights = "confidence",
        };

        Measured.Head(
            "labels per class",
            "seed",
            "labels only",
            "k-means-labels",
            "precision",
            "coverage",
            "label-spreading",
            "its precision"
        );
        var samples = JsonNode.Parse(File.ReadAllText(inputs.Text("samples")))!["samples"]!.AsArray();
        foreach (var sample in samples.Where(sample => (int)sample!["labelsPerClass"]! <= inputs.Number("most", 8)))
        {
            int[] rows = [.. sample!["rows"]!.AsArray().Select(row => (int)row!)];
            var kept = rows.ToHashSet();
            int[] order = [.. rows, .. Enumerable.Range(0, pool.Count).Where(row => !kept.Contains(row))];
            var own = new Pool(
                "benchmark",
                spec with
                {
                    Seed = (long)sample["seed"]!,
                },
                labels,
                [
                    .. order.Select(
                        (row, at) =>
                            new Example($"{row}", pool[row].Text, Label: at < rows.Length ? pool[row].Label : null)
                    ),
                ],
                rows.Length,
                points.Select(order),
                null,
                inputs.Compute.Threads,
                CancellationToken.None
            );
            var clusters = new KMeansLabels().Make(own).Examples;
            var spread = new LabelSpreading().Make(own).Examples;
            Measured.Row(
                (int)sample["labelsPerClass"]!,
                (long)sample["seed"]!,
                Score(own, [], c: 1),
                Score(own, clusters, c: 10),
                Precision(clusters),
                100.0 * clusters.Count / (own.Rows.Count - own.Labelled),
                Score(own, spread, c: 10),
                Precision(spread)
            );
        }

        double Precision(IReadOnlyList<Example> given) =>
            given.Count == 0 ? double.NaN : 100.0 * given.Count(row => pool[Row(row)].Label == row.Label) / given.Count;

        double Score(Pool own, IReadOnlyList<Example> given, double c)
        {
            var factor = given.Count == 0 ? 0 : own.Labelled / given.Sum(row => (double)row.Weight);
            var learnt = own.Rows.Take(own.Labelled).Concat(given).ToArray();
            var data = new LabelledRows(
                Rows(
                    points,
                    [
                        .. learnt.Select(
                            (row, at) => at < own.Labelled ? int.Parse(row.Id, CultureInfo.InvariantCulture) : Row(row)
                        ),
                    ]
                ),
                [.. learnt.Select(row => Array.IndexOf(labels, row.Label))],
                labels.Length,
                [.. learnt.Select((row, at) => at < own.Labelled ? 1 : (float)(factor * row.Weight))]
            );
            var model = LogisticRegression.Fit(data, c);
            var read = Rows(tested, [.. Enumerable.Range(0, test.Count)]);
            var right = 0;
            for (var row = 0; row < test.Count; row++)
            {
                var said = model.Probabilities(read, row);
                right += labels[Array.IndexOf(said, said.Max())] == test[row].Label ? 1 : 0;
            }
            return 100.0 * right / test.Count;
        }
    }

    private static int Row(Example row) => int.Parse(row.Source!, CultureInfo.InvariantCulture);

    private static FeatureRows Rows(DenseRows points, int[] rows) =>
        FeatureRows.Dense([.. rows.Select(row => points[row].ToArray())], points.Width);

    private static DenseRows Embed(BenchmarkInputs inputs, string[] texts)
    {
        var folder = inputs.Text("vectors");
        Directory.CreateDirectory(folder);
        using var encoder = new RememberingEmbedder(
            inputs.Model,
            128,
            inputs.Compute,
            new(key => File.Exists(PathOf(key)) ? PathOf(key) : null, Keep)
        );
        return DenseRows.Of([
            .. texts.Chunk(1000).SelectMany(some => encoder.Embed([.. some.Select(text => new ModelText(text))])),
        ]);

        void Keep(string key, Action<Stream> write)
        {
            using var to = File.Create(PathOf(key));
            write(to);
        }

        string PathOf(string key) =>
            Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
    }
}
