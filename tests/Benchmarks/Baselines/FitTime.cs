using BenchmarkDotNet.Attributes;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Benchmarks.Baselines;

/// <summary>How long do baselines take to be fitted, after vectorising?</summary>
public class FitTime
{
    private static BenchmarkInputs? _inputs;
    private LabelledRows _data = null!;

    /// <summary>What the rows hold.</summary>
    [ParamsSource(nameof(AllFeatures))]
    public string Features { get; set; } = "";

    public static IEnumerable<string> AllFeatures =>
        _inputs?.ModelOrNone is null ? ["tf-idf"] : ["tf-idf", "embeddings"];

    internal static void Run(BenchmarkInputs inputs)
    {
        _inputs = inputs;
        // What is missing is told here: BenchmarkDotNet would bury it in a trace.
        _ = inputs.Sentences;
        InThisProcess.Run<FitTime>(inputs);
    }

    [GlobalSetup]
    public void Vectorise()
    {
        var sentences = _inputs!.Sentences;
        var labels = sentences.Select(sentence => sentence.Label).Distinct().Order(StringComparer.Ordinal).ToList();
        ModelText[] texts = [.. sentences.Select(sentence => new ModelText(sentence.Text))];
        using ITextFeatures features =
            Features == "tf-idf"
                ? TfIdf.Fit(texts)
                : new EmbeddingFeatures(_inputs.Model, 128, TransformerEmbedder.Open(_inputs.Model, 128));
        _data = new(
            features.Transform(texts),
            [.. sentences.Select(sentence => labels.IndexOf(sentence.Label))],
            labels.Count
        );
        Console.WriteLine($"// {_data.Count} rows × {_data.Rows.Width} features, {labels.Count} labels");
    }

    [Benchmark(Description = "linear-svm")]
    public object Svm() => LinearSvm.Fit(_data);

    [Benchmark(Description = "logistic")]
    public object Logistic() => LogisticRegression.Fit(_data);

    [Benchmark(Description = "random-forest")]
    public object Forest() => RandomForest.Fit(_data, seed: 13);
}
