using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>
/// The label whose examples' mean is nearest by cosine, where it is nearer than the next by at least a margin:
/// <c>centroid: { features: tf-idf, margin: 0.1, examples: { HAM: […], SPAM: […] } }</c>. Without examples, those of train.
/// </summary>
internal sealed class NearestCentroid(
    string name,
    double? weight,
    Func<IReadOnlyList<ModelText>, CancellationToken, ITextFeatures> features,
    IReadOnlyList<string> labels,
    IReadOnlyList<(string Text, int Label)>? examples,
    double margin
) : ILabellingFunction
{
    private const int Portion = 512;

    public string Name { get; } = name;

    public double? Weight { get; } = weight;

    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var own = block.Block("centroid")!;
        var kind = own.Text("features") ?? "tf-idf";
        var margin = own.Number("margin", 0, 2) ?? 0;
        var examples = own.Block("examples") is { } given ? Examples(given, context) : null;
        own.Close(["features", "margin", "examples"]);
        return kind switch
        {
            "tf-idf" => new NearestCentroid(
                name,
                weight,
                (texts, stop) => TfIdf.Fit(texts, null, stop),
                context.Labels,
                examples,
                margin
            ),
            "encoder" when context.OpenEncoder is { } open => new NearestCentroid(
                name,
                weight,
                (_, _) => new EmbeddingFeatures("", 0, open()),
                context.Labels,
                examples,
                margin
            ),
            "encoder" => throw own.Fault(
                "features",
                $"function '{name}' reads embeddings; expected the step's encoder"
            ),
            _ => throw own.Fault("features", $"'{kind}' does not fit; expected tf-idf or encoder"),
        };
    }

    public IReadOnlyList<sbyte> Vote(IReadOnlyList<Example> rows, CancellationToken stop)
    {
        ModelText[] texts = [.. rows.Select(row => new ModelText(row.Text, row.TextB))];
        using var read = features(texts, stop);
        var centroids = Centroids(read, rows, stop);
        var votes = new List<sbyte>(rows.Count);
        foreach (var some in texts.Chunk(Portion))
        {
            var vectors = read.Transform(some, stop);
            for (var row = 0; row < vectors.Count; row++)
                votes.Add(Nearest(vectors, row, centroids));
        }
        return votes;
    }

    private sbyte Nearest(FeatureRows vectors, int row, double[][] centroids)
    {
        var near = centroids.Select(centroid => vectors.Dot(row, centroid)).ToArray();
        var best = Array.IndexOf(near, near.Max());
        var next = near.Where((_, label) => label != best).Max();
        // A text without any known word is near to nothing.
        return near[best] > 0 && near[best] > next && near[best] - next >= margin ? (sbyte)best : VoteTable.Abstains;
    }

    /// <summary>Of length 1; a label without an example has none, and is near to nothing.</summary>
    private double[][] Centroids(ITextFeatures read, IReadOnlyList<Example> rows, CancellationToken stop)
    {
        var seeds =
            examples
            ??
            [
                .. rows.Where(row => row.Label is not null)
                    .Select(row => (row.Text, labels.ToList().IndexOf(row.Label!))),
            ];
        if (seeds.Select(seed => seed.Label).Distinct().Count() < 2)
            throw new BadInputException(
                $"function '{Name}': expected examples of at least two labels, in its file or as labelled rows of train"
            );
        var centroids = labels.Select(_ => new double[read.Width]).ToArray();
        var vectors = read.Transform([.. seeds.Select(seed => new ModelText(seed.Text))], stop);
        for (var row = 0; row < vectors.Count; row++)
            vectors.AddScaled(row, 1, centroids[seeds[row].Label]);
        foreach (var centroid in centroids)
        {
            var length = Math.Sqrt(centroid.Sum(value => value * value));
            for (var i = 0; i < centroid.Length && length > 0; i++)
                centroid[i] /= length;
        }
        return centroids;
    }

    private static List<(string, int)> Examples(YamlBlock block, FunctionContext context) =>
        [
            .. block.Keys.SelectMany(label =>
                (block.Words(label) ?? throw block.Fault(label, "expected a list of texts")).Select(text =>
                    (text, (int)context.Label(block, label, label))
                )
            ),
        ];
}
