using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Assessing;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Tests.Assessing;

public sealed class When_given_labels_are_assessed : IDisposable
{
    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Figures_are_what_a_hand_computes()
    {
        var assessment = Assess(await Dataset(right: 3));

        Assert.Equal((2, 6, 5), (assessment.Labelled, assessment.Unlabelled, assessment.Given));
        Assert.Equal(5.0 / 6, assessment.Coverage);
        Assert.Equal(new GivenRight(6, 5, 3), assessment.Hidden);
        // Clusters 0 and 1 hold no no no yes and yes yes yes yes.
        Assert.Equal(8, assessment.Agreement!.Rows);
        Assert.Equal(7.0 / 8, assessment.Agreement.Purity);
        Assert.Equal(0.561589, assessment.Agreement.Nmi, 5);
        Assert.Equal(0.494845, assessment.Agreement.Ari, 6);
        Assert.Equal(0.25, assessment.Silhouette);
        Assert.Equal([("no", 3), ("yes", 1)], assessment.Clusters[0].Truth.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(["no", "yes"], assessment.Labels);
        Assert.Equal([0, 1], assessment.Map.Select(point => point.Label!.Value));
    }

    [Theory]
    [InlineData(3, 0.7, true)]
    [InlineData(4, 0.7, false)]
    [InlineData(3, 0.5, false)]
    public async Task Labels_below_the_precision_asked_for_are_warned_of(int right, double least, bool warned)
    {
        var warning = Assess(await Dataset(right), least).Warning;

        Assert.Equal(warned, warning is not null);
        if (warned)
            Assert.StartsWith(
                "k-means-labels gave labels of which 60.0 % are right against the hidden labels",
                warning
            );
    }

    [Theory]
    [InlineData(0.58, 0.7, 2, true)]
    [InlineData(0.58, 0.7, 4, false)]
    [InlineData(0.54, 0.7, 4, true)]
    [InlineData(0.99, 1.0, 4, true)]
    public void What_is_asked_for_lies_as_far_above_chance_whatever_the_number_of_labels(
        double precision,
        double least,
        int labels,
        bool warned
    )
    {
        var assessment = Plain(given: 1000, right: (int)(1000 * precision));

        Assert.Equal(warned, LabelWarning.Of(assessment, least, labels) is not null);
    }

    [Fact]
    public void Clusters_that_seldom_agree_are_warned_of()
    {
        Assert.StartsWith(
            "k-means-labels gave 0.0 % of the unlabelled rows a label",
            LabelWarning.Of(Plain(given: 0, right: 0), 0.7, 2)
        );
        Assert.NotNull(LabelWarning.Of(Plain(given: 100, right: 100), 0.7, 2));
        Assert.Null(LabelWarning.Of(Plain(given: 200, right: 200), 0.7, 2));
    }

    private static Assessment Plain(int given, int right) =>
        new(
            "k-means-labels",
            16,
            1000,
            given,
            given == 0 ? null : new(1000, given, right),
            null,
            null,
            [],
            null,
            null,
            [],
            [],
            [],
            [],
            null
        );

    [Fact]
    public async Task Dev_counts_before_hidden_labels_where_the_encoder_is_given()
    {
        var dev = await _bench.Split(
            "dev",
            [.. Enumerable.Range(0, 12).Select(at => $"left {at}|{(at < 6 ? "no" : "yes")}")]
        );

        var assessment = Assess(await Dataset(right: 5, dev), model: await _bench.Model([]));

        Assert.Equal(new GivenRight(12, 12, 6), assessment.Dev);
        Assert.StartsWith(
            "k-means-labels gave labels of which 50.0 % are right on dev (12 labels)",
            assessment.Warning
        );
    }

    [Fact]
    public async Task A_dev_row_that_was_clustered_is_refused()
    {
        var dev = await _bench.Split("dev", ["left 0|no", "text 3|yes"]);
        var dataset = await Dataset(right: 5, dev);
        var model = await _bench.Model([]);

        var failure = Assert.Throws<BadInputException>(() => Assess(dataset, model: model));

        Assert.Contains(
            "1 dev rows of 'news' are also among the rows that were clustered, the first is dev-1",
            failure.Message
        );
    }

    [Fact]
    public async Task A_dataset_that_no_synthesis_made_is_refused()
    {
        var plain = StudyBench.Dataset("plain", await _bench.Split("train", ["a|no", "b|yes"]));

        var failure = Assert.Throws<BadInputException>(() => Assess(plain));

        Assert.Contains("holds no labels that a synthesis gave", failure.Message);
    }

    /// <summary>Two labelled rows and six others, of which five were given a label.</summary>
    private async Task<DatasetRef> Dataset(int right, SplitRef? dev = null)
    {
        string[] truth = ["no", "yes", "no", "no", "yes", "yes", "yes", "yes"];
        int[] clusters = [0, 1, 0, 0, 0, 1, 1, 1];
        var rows = truth.Select((label, at) => new Example($"train-{at}", $"text {at}", Label: label)).ToArray();
        var given = rows.Skip(2)
            .Take(5)
            .Select(
                (row, at) =>
                    row with
                    {
                        Id = "synthesised-" + row.Id,
                        Label =
                            at < right ? row.Label
                            : row.Label == "no" ? "yes"
                            : "no",
                        Origin = ExampleOrigin.Synthesised,
                        Source = row.Id,
                    }
            );
        var train = await Store("train", [.. rows.Take(2), .. given]);
        var rest = await Store("unlabelled", [.. rows.Skip(2).Select(row => row with { Label = null })]);
        var hidden = rows.Skip(2).Select(row => new HiddenLabel(row.Id, row.Label!)).ToArray();
        var findings = new SynthesisFindings(
            "k-means-labels",
            [
                new(4, new Dictionary<string, int> { ["no"] = 1 }, "no", ["text 2"], [1, 0]),
                new(4, new Dictionary<string, int> { ["yes"] = 1 }, "yes", ["text 5"], [0, 1]),
            ],
            [.. rows.Select((row, at) => new FoundRow(row.Id, clusters[at], at < 2 ? at : null, at < 2 ? 0 : null))],
            [],
            0.25,
            null,
            Width: 2,
            MaxTokens: 16
        );
        var dataset = StudyBench.Dataset("news", [train, .. dev is null ? [] : new[] { dev }, rest]);
        return dataset with
        {
            HiddenLabels = await _bench.Artefacts.StoreAsync((to, stop) => HiddenLabel.WriteAsync(to, hidden, stop)),
            Findings = await _bench.Artefacts.StoreAsync(
                (to, stop) => JsonSerializer.SerializeAsync(to, findings, WireFormat.Options, stop)
            ),
        };
    }

    private async Task<SplitRef> Store(string name, Example[] rows)
    {
        SplitSummary? summary = null;
        var content = await _bench.Artefacts.StoreAsync(
            async (to, stop) => summary = await SplitWriter.WriteAsync(to, rows, stop)
        );
        return DatasetIdentity.Split(name, summary!, content);
    }

    private Assessment Assess(DatasetRef dataset, double least = 0.7, ModelRef? model = null)
    {
        List<StepInput> inputs = [new("dataset", Dataset: dataset)];
        if (model is not null)
            inputs.Add(new("model", Model: model));
        var step = StudyBench.Step(
            "assessed",
            StepKinds.Assess,
            new AssessmentSpec { LeastPrecision = least },
            [.. inputs]
        );
        var handler = new AssessmentHandler(new DevLabels(null!, (_, _) => new LeftAndRight()));
        var output = handler.Handle(_bench.Work(step));
        return JsonSerializer.Deserialize<Assessment>(_bench.Text(output.Files![Assessment.File]), WireFormat.Options)!;
    }

    /// <summary>Texts that begin with left lie in the first cluster.</summary>
    private sealed class LeftAndRight : IEmbedder
    {
        public int Width => 2;

        public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
            [
                .. texts.Select(text =>
                    text.First.StartsWith("left", StringComparison.Ordinal) ? [1f, 0f] : new[] { 0f, 1f }
                ),
            ];

        public void Dispose() { }
    }
}
