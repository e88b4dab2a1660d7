using System.Text.Json;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Baselines;

/// <summary>SST-2's sentences and the row numbers that the reference figures were made with.</summary>
internal sealed record SentimentSentences(IReadOnlyList<ModelText> Texts, IReadOnlyList<int> Labels)
{
    public static int[] Seeds { get; } = [13, 21, 42, 87, 100];

    public static SentimentSentences Train() => Read("stsa.binary.train");

    public static SentimentSentences Test() => Read("stsa.binary.test");

    public SentimentSentences Sample(int labelsPerClass, int seed)
    {
        var path = SharedFiles.Require("fixtures", "samples", "sst2_sentence.json");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        var rows = document
            .RootElement.GetProperty("samples")
            .EnumerateArray()
            .Single(sample =>
                sample.GetProperty("labelsPerClass").GetInt32() == labelsPerClass
                && sample.GetProperty("seed").GetInt32() == seed
            )
            .GetProperty("rows")
            .EnumerateArray()
            .Select(row => row.GetInt32())
            .ToList();
        return new([.. rows.Select(row => Texts[row])], [.. rows.Select(row => Labels[row])]);
    }

    private static SentimentSentences Read(string file)
    {
        var lines = File.ReadAllLines(SharedFiles.Require("data", "sst2_sentence", file));
        return new([.. lines.Select(line => new ModelText(line[2..]))], [.. lines.Select(line => line[0] - '0')]);
    }
}
