using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;
using TransferPipeline.Synthesis.Synthesizing;

namespace TransferPipeline.Synthesis.Tests.Synthesizing;

public sealed class When_labels_are_handed_on : IDisposable
{
    private static readonly SynthesisSpec Clusters = new() { Method = "k-means-labels", Clusters = "2" };
    private static readonly SynthesisSpec Graph = new() { Method = "label-spreading", Neighbours = 8 };

    private readonly SynthesisBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("k-means-labels")]
    [InlineData("label-spreading")]
    public void Texts_of_two_topics_get_the_label_of_their_topic(string method)
    {
        var dataset = _bench.News();

        var made = _bench.Synthesize(dataset, Clusters with { Method = method }).Dataset!;

        var rows = _bench.Rows(made, "train");
        var given = rows.Where(row => row.Origin is ExampleOrigin.Synthesised).ToArray();
        Assert.Equal(8, rows.Length - given.Length);
        Assert.Equal(60, given.Length);
        Assert.All(given, row => Assert.Equal(IsSport(row) ? "sport" : "money", row.Label));
        Assert.All(given, row => Assert.Equal("synthesised-" + row.Source, row.Id));
        Assert.Equal(8, given.Sum(row => row.Weight), 3);
        Assert.Equal(dataset.Find("test"), made.Find("test"));
        Assert.Equal(dataset.Find("unlabelled"), made.Find("unlabelled"));
        Assert.Equal(dataset.HiddenLabels, made.HiddenLabels);
        Assert.Equal([dataset.Find("train")!.Id, dataset.Find("unlabelled")!.Id], made.Find("train")!.CutFrom);
    }

    [Fact]
    public void Clusters_that_do_not_carry_the_label_hand_on_nothing()
    {
        var dataset = _bench.News(mixed: true);

        var made = _bench.Synthesize(dataset, Clusters).Dataset!;

        Assert.Equal(dataset.Find("train"), made.Find("train"));
        Assert.All(_bench.Findings(made).Clusters, cluster => Assert.Null(cluster.Label));
    }

    [Fact]
    public void A_cluster_with_too_few_labelled_members_hands_on_nothing()
    {
        var made = _bench.Synthesize(_bench.News(labelled: 2), Clusters with { Support = 3 }).Dataset!;

        Assert.Equal(4, _bench.Rows(made, "train").Length);
    }

    [Theory]
    [InlineData("k-means-labels")]
    [InlineData("label-spreading")]
    public void Quotas_keep_the_most_confident_of_each_label(string method)
    {
        var spec = Clusters with { Method = method, Weights = "confidence" };
        var all = Given(_bench.Synthesize(_bench.News(), spec));

        var few = Given(_bench.Synthesize(_bench.News(), spec with { PerClass = 5 }));

        foreach (var label in new[] { "sport", "money" })
        {
            var kept = few.Where(row => row.Label == label).ToArray();
            var left = all.Where(row => row.Label == label).Except(kept).ToArray();
            Assert.Equal(5, kept.Length);
            Assert.True(kept.Min(row => row.Weight) >= left.Max(row => row.Weight));
        }
    }

    [Theory]
    [InlineData("k-means-labels")]
    [InlineData("label-spreading")]
    [InlineData("cluster-ids")]
    public void Threads_and_hidden_labels_change_no_row(string method)
    {
        var spec = Clusters with { Method = method };

        var first = _bench.Synthesize(_bench.News(), spec, threads: 1).Dataset!;
        var second = _bench.Synthesize(_bench.News(hiddenShift: 1), spec, threads: 3).Dataset!;

        Assert.Equal(first.Find("train")!.Id, second.Find("train")!.Id);
        Assert.Equal(first.Find("train")!.Content, second.Find("train")!.Content);
        Assert.Equal(first.Findings, second.Findings);
        Assert.NotEqual(first.HiddenLabels, second.HiddenLabels);
    }

    [Fact]
    public void Every_text_is_labelled_with_its_cluster()
    {
        var made = _bench.Synthesize(_bench.News(), Clusters with { Method = "cluster-ids" }).Dataset!;

        Assert.Equal(["cluster-000", "cluster-001"], made.Labels);
        Assert.Equal(["train", "unlabelled"], made.Splits.Select(split => split.Name));
        var rows = _bench.Rows(made, "train");
        Assert.Equal(68, rows.Length);
        Assert.Single(rows.Where(IsSport).Select(row => row.Label).Distinct());
        Assert.Equal(2, rows.Select(row => row.Label).Distinct().Count());
        Assert.All(rows, row => Assert.Equal(1, row.Weight));
    }

    [Fact]
    public void New_texts_are_put_together_from_clauses_of_one_cluster_and_label()
    {
        Example[] train =
        [
            new("a", "the goal came late, and the coach cheered", Label: "sport"),
            new("b", "the striker missed the goal, but the referee slept", Label: "sport"),
            new("c", "the shares fell, and the bank closed", Label: "money"),
            new("d", "the market rose because the bank bought shares", Label: "money"),
        ];

        var made = Given(
            _bench.Synthesize(
                _bench.Dataset(train, []),
                new()
                {
                    Method = "k-means-recombine",
                    Clusters = "1",
                    Copies = 3,
                }
            )
        );

        Assert.NotEmpty(made);
        Assert.Contains(made, row => row is { Text: "the goal came late, but the referee slept", Label: "sport" });
        Assert.All(made, row => Assert.Contains(train, given => given.Id == row.Source && given.Label == row.Label));
        Assert.All(made, row => Assert.DoesNotContain(train, given => given.Text == row.Text));
        Assert.Equal(made.Length, made.Select(row => row.Text).Distinct().Count());
    }

    [Fact]
    public void What_spreads_over_a_graph_is_what_a_hand_computes()
    {
        // Edges 0 → 1, 1 → 0, 2 → 1, 3 → 2; in-degrees 1, 2, 1, 0.
        var graph = NeighbourGraph.Of(
            DenseRows.Of([
                [0],
                [1],
                [2],
                [10],
            ]),
            2,
            1,
            TestContext.Current.CancellationToken
        );

        var spread = LabelSpreading.Spread(graph, [0, -1, -1, 1], labels: 2, alpha: 0.2);

        var root = 0.2 / Math.Sqrt(2);
        Assert.Equal(0.8 / (1 - root * root), spread[0][0], 3);
        Assert.Equal(root * 0.8 / (1 - root * root), spread[1][0], 3);
        Assert.Equal(root * root * 0.8 / (1 - root * root), spread[2][0], 3);
        Assert.Equal(0.8, spread[3][1], 6);
        Assert.Equal(0, spread[2][1]);
    }

    [Fact]
    public void Votes_need_support_purity_and_a_single_winner()
    {
        var votes = new ClusterVotes([("a", 4), ("b", 1)]);

        Assert.Equal("a", votes.Decide(purity: 0.8, support: 5));
        Assert.Null(votes.Decide(purity: 0.81, support: 1));
        Assert.Null(votes.Decide(purity: 0.5, support: 6));
        Assert.Null(new ClusterVotes([("a", 2), ("b", 2)]).Decide(purity: 0.5, support: 1));
        Assert.Null(new ClusterVotes([]).Decide(purity: 0, support: 1));
        Assert.Equal([("a", 4)], votes.Without("b").Counts);
    }

    [Fact]
    public void What_cannot_be_done_is_said_with_what_was_expected()
    {
        Assert.Contains("has no unlabelled split", Refused(_bench.News(unlabelled: 0), Graph));
        Assert.Contains("100 were asked for", Refused(_bench.News(), Clusters with { Clusters = "100" }));
        Assert.Contains(
            "no train row of 'news' has the label money",
            Refused(_bench.Dataset([new("a", "goal", Label: "sport")], [new("b", "bank")]), Clusters)
        );
        Assert.Contains(
            "has no labelled train split",
            Refused(_bench.Dataset([new("a", "goal")], [new("b", "bank")]), Clusters)
        );
    }

    [Fact]
    public void The_labels_that_labelled_rows_would_have_got_are_counted()
    {
        var held = _bench.Findings(_bench.Synthesize(_bench.News(), Clusters).Dataset!).HeldOut!;

        Assert.Equal(new HeldOutLabels(8, 8, 8), held);
    }

    private string Refused(DatasetRef dataset, SynthesisSpec spec) =>
        Assert.Throws<BadInputException>(() => _bench.Synthesize(dataset, spec)).Message;

    private Example[] Given(StepOutput output) =>
        [.. _bench.Rows(output.Dataset!, "train").Where(row => row.Origin is ExampleOrigin.Synthesised)];

    private static bool IsSport(Example row) => int.Parse(row.Source!["train-".Length..]) % 2 == 0;
}
