using System.Text.Json;
using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Tests.Metrics;

public class When_metrics_of_other_tasks_meet_their_golden_numbers
{
    public static TheoryData<string, int> Answers => MetricsGolden.Cases("answers");

    public static TheoryData<string, int> Entities => MetricsGolden.Cases("entities");

    public static TheoryData<string, int> Clustering => MetricsGolden.Cases("clustering");

    [Theory]
    [MemberData(nameof(Answers))]
    public void The_scores_of_answers_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "answers", index);
        var rows = new AnswerRows(
            [golden.GetProperty("prediction").GetString()!],
            [golden.GetProperty("answers").Deserialize<string[]>()!]
        );
        Assert.Equal(golden.Number("exact"), new ExactMatch().Of(rows));
        Assert.Equal(golden.Number("f1"), new AnswerF1().Of(rows), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Entities))]
    public void The_scores_of_entities_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "entities", index);
        var rows = new EntityRows(Tags("labels"), Tags("predictions"));
        Meets(golden.GetProperty("default"), rows);
        Meets(golden.GetProperty("strict_iob2"), rows with { Reading = TagReading.Strict });

        foreach (var type in golden.GetProperty("default").GetProperty("report").EnumerateObject())
        {
            if (type.Name.EndsWith("avg"))
                continue;
            var (both, truth, predicted) = rows.Count(type.Name);
            Assert.Equal(type.Value.Number("support"), truth);
            Assert.Equal(type.Value.Number("precision"), (double)both / predicted, 1e-12);
            Assert.Equal(type.Value.Number("recall"), (double)both / truth, 1e-12);
        }

        string[][] Tags(string name) => golden.GetProperty(name).Deserialize<string[][]>()!;
    }

    [Theory]
    [MemberData(nameof(Clustering))]
    public void The_scores_of_clusters_agree(string folder, int index)
    {
        var golden = MetricsGolden.Case(folder, "clustering", index);
        var rows = new ClusterRows(
            golden.GetProperty("points").Deserialize<double[][]>()!,
            golden.Integers("labels"),
            golden.Integers("clusters")
        );
        Assert.Equal(golden.Number("nmi"), new MutualInformation().Of(rows), 1e-12);
        Assert.Equal(golden.Number("ari"), new AdjustedRand().Of(rows), 1e-12);
        Assert.Equal(golden.Number("purity"), new Purity().Of(rows), 1e-12);
        Assert.Equal(golden.Number("homogeneity"), new Homogeneity().Of(rows), 1e-12);
        Assert.Equal(golden.Number("v_measure"), new VMeasure().Of(rows), 1e-12);
        Assert.Equal(golden.Number("silhouette"), new Silhouette(Silhouette.Distance.Euclidean).Of(rows), 1e-6);
        Assert.Equal(golden.Number("silhouette_cosine"), new Silhouette(Silhouette.Distance.Cosine).Of(rows), 1e-6);
    }

    private static void Meets(JsonElement golden, EntityRows rows)
    {
        Assert.Equal(golden.Number("precision"), new EntityPrecision().Of(rows), 1e-12);
        Assert.Equal(golden.Number("recall"), new EntityRecall().Of(rows), 1e-12);
        Assert.Equal(golden.Number("f1"), new EntityF1().Of(rows), 1e-12);
    }
}
