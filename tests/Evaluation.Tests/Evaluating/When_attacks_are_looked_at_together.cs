using System.Text;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Evaluation.Reports;
using TransferPipeline.Evaluation.Reports.Pages;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_attacks_are_looked_at_together : IDisposable
{
    private static readonly EvaluationSpec Spec = new() { Resamples = 100 };

    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Texts_that_fool_one_model_are_shown_to_the_others()
    {
        var split = await _bench.Split(
            "test",
            ["a good film|yes", "a fine film|yes", "a bad film|no", "a dull film|no"]
        );
        // What a model does not know it says no to: the second is wrong about "a fine film" before it is changed.
        var first = await _bench.Model(new() { ["a good film"] = 0.9f, ["a fine film"] = 0.9f });
        var second = await _bench.Model(
            new()
            {
                ["a good film"] = 0.8f,
                ["a goood film"] = 0.7f,
                ["a dull flim"] = 0.6f,
            }
        );
        AttackedText[] log =
        [
            One("test-0", "yes", "a good film", "a goood film"),
            One("test-1", "yes", "a fine film", "a fime film"),
            One("test-2", "no", "a bad film", "a baad film") with
            {
                Outcome = AttackOutcome.Failed,
            },
            One("test-3", "no", "a dull film", "a dull flim"),
        ];

        var rows = _bench.Scores(
            _bench.Evaluate(
                "test",
                new("dataset", Dataset: StudyBench.Dataset("films", split)),
                new("models.0", GivenAs: "first", Model: first),
                new("models.1", GivenAs: "second", Model: second),
                new("attacks.0", File: await Stored(Attack(first, split, "pruthi"), log))
            )
        );

        var scores = rows[0].Attacks!.Single();
        var transfer = Assert.Single(scores.Transfer!);
        // Right about the first and the last; wrong about the last once it is changed.
        Assert.Equal((1, 2, 0.5), (transfer.To, transfer.N, transfer.Fooled!.Value));
        Assert.True(transfer.Fooled is { Low: > 0, High: < 1 });
        Assert.Equal(3, scores.Validity!.N);
        Assert.Null(rows[1].Attacks);
    }

    [Fact]
    public void Texts_are_judged_by_what_can_be_told_of_them()
    {
        using var panel = new ValidityPanel(
            new HashSet<string> { "a", "good", "bad", "film", "fine" },
            Opposites(),
            new LettersEmbedder(),
            language: null,
            Spec
        );

        var judged = panel.Of(
            [
                One("0", "yes", "a good film", "a bad film"),
                One("1", "yes", "a fine film", "a a film"),
                One("2", "yes", "a fine film", "a fime film"),
                One("3", "yes", "a fine film", "a film"),
                One("4", "yes", "a fine film", "x") with
                {
                    Outcome = AttackOutcome.Failed,
                },
            ],
            default
        )!;

        Assert.Equal(4, judged.N);
        Assert.Equal((3 + 4 + 1 + 5) / 4.0, judged.EditDistance.Value);
        Assert.Equal(1 / 3.0, judged.UnknownWords!.Value, 1e-12);
        Assert.Equal(0.25, judged.Repeated.Value);
        Assert.Equal(0.25, judged.Opposites!.Value);
        Assert.InRange(judged.Similarity!.Value, 0.5, 0.999);
        Assert.Null(judged.PerplexityAfter);
        Assert.Null(panel.Of([One("4", "yes", "b", "x") with { Outcome = AttackOutcome.Failed }], default));
    }

    [Fact]
    public async Task The_worst_case_and_the_examples_that_all_get_right_are_told()
    {
        var study = await Study();

        var worst = study.Joint.Worst;
        Assert.Equal(["svm", "tuned"], worst.Select(one => one.Step).Order());
        var tuned = worst.Single(one => one.Step == "tuned");
        // Right about 0, 1 and 2 of four; one attack breaks 0, the other 1. Input reduction breaks nothing.
        Assert.Equal(
            (2, 4, 0.75, 0.25),
            (tuned.Attacks, tuned.N, tuned.OriginalAccuracy.Value, tuned.AccuracyUnderAttack.Value)
        );

        var shared = study.Joint.Shared.Where(one => one.Recipe == "pruthi").ToDictionary(one => one.Step);
        // Both are right about 1 and 2; pruthi breaks 1 of svm's and none of tuned's.
        Assert.Equal((2, 1.0), (shared["tuned"].N, shared["tuned"].AccuracyUnderAttack!.Value));
        Assert.Equal((2, 0.5), (shared["svm"].N, shared["svm"].AccuracyUnderAttack!.Value));
    }

    [Fact]
    public async Task The_report_tells_them()
    {
        var study = await Study();

        var html = HtmlReport.Of(study);
        Assert.Contains("The worst case over all attacks", html, StringComparison.Ordinal);
        Assert.Contains("all of them get right at first", html, StringComparison.Ordinal);
        Assert.Contains("Words that can be left out", html, StringComparison.Ordinal);
        Assert.Contains("Do texts that fool one model fool another?", html, StringComparison.Ordinal);
        Assert.Contains("most queries of a text", html, StringComparison.Ordinal);
        Assert.Contains("50.0 (9.5–90.5) of 2", html, StringComparison.Ordinal);
        Assert.Contains("50.0 (9.5–90.5) of 2", MarkdownReport.Of(study), StringComparison.Ordinal);
        var worst = ReportJson.Of(study)["robustness"]!["worstCase"]![0]!;
        Assert.Equal(0.25, worst["accuracyUnderAttack"]!["value"]!.GetValue<double>());
    }

    /// <summary>Two models, each under pruthi, pwws and input reduction in a cell of its own.</summary>
    private async Task<Study> Study()
    {
        var outcomes = new Dictionary<(string, string), string>
        {
            [("tuned", "pruthi")] = "bssw",
            [("tuned", "pwws")] = "sbsw",
            [("tuned", "input-reduction")] = "mmmw",
            [("svm", "pruthi")] = "wbss",
            [("svm", "pwws")] = "wbss",
            [("svm", "input-reduction")] = "wmmm",
        };
        var split = new SplitRef("test", "id", new ArtefactRef("sha256:0"), 4, 4, []);
        var rows = new List<ScoredModel>();
        foreach (var recipe in new[] { "pruthi", "pwws", "input-reduction" })
        foreach (var step in new[] { "tuned", "svm" })
        {
            AttackedText[] log = [.. outcomes[(step, recipe)].Select((letter, at) => One($"{at}", letter))];
            var stored = await _bench.Artefacts.StoreAsync((to, stop) => WireFormat.WriteLinesAsync(to, log, stop));
            var figures = AttackScoring.Of(
                new AttackSummary(recipe, step, "films", split, 13, 4, null, stored.Hash),
                log,
                Spec
            ) with
            {
                Transfer = [new(step == "tuned" ? 1 : 0, 2, AttackScoring.Share(1, 2))],
            };
            rows.Add(
                new(
                    "scores",
                    step,
                    "none",
                    new MatrixCell(new Dictionary<string, string> { ["recipe"] = recipe }),
                    null,
                    step,
                    Scores(split, figures)
                )
            );
        }
        var run = new RunDocument
        {
            Id = "r1",
            Scenario = "robustness",
            Source = "",
            MatrixKeys = ["recipe"],
            Report = new ReportSpec(),
            Steps = [],
            Submitted = DateTimeOffset.UnixEpoch,
        };
        return new Study(
            run,
            new ReportSpec(),
            [StudyBench.Step("scores", StepKinds.Evaluate, Spec) with { Ended = DateTimeOffset.UnixEpoch }],
            rows,
            Summary.Of(rows),
            [],
            new Dictionary<string, Selected>(),
            "accuracy",
            new Dictionary<string, IReadOnlyList<string>>()
        )
        {
            Joint = JointAttacks.Of(
                rows,
                log => _bench.Artefacts.GetFileAsync(new ArtefactRef(log)).GetAwaiter().GetResult()
            ),
        };
    }

    private static ModelScores Scores(SplitRef split, AttackScores figures) =>
        new(
            "m",
            "none",
            "films",
            "test",
            4,
            "none",
            0,
            0,
            0,
            0,
            [],
            new Dictionary<string, MetricValue> { ["accuracy"] = new(0.75) },
            [],
            [],
            0,
            new Dictionary<string, MetricValue>(),
            "sha256:1",
            [],
            split
        )
        {
            Attacks = [figures],
        };

    private static AttackedText One(string id, char letter) =>
        One(id, "yes", "a good film", letter == 'b' ? "a goood film" : "a good film") with
        {
            Outcome = letter switch
            {
                'w' => AttackOutcome.Skipped,
                'b' => AttackOutcome.Successful,
                'm' => AttackOutcome.Maximized,
                _ => AttackOutcome.Failed,
            },
        };

    private static AttackedText One(string id, string label, string text, string perturbed) =>
        new(
            id,
            AttackOutcome.Successful,
            label,
            text,
            null,
            label,
            0.1,
            perturbed,
            null,
            label == "yes" ? "no" : "yes",
            0.9,
            3,
            3,
            1,
            10,
            10
        );

    private static AttackSummary Attack(ModelRef model, SplitRef split, string recipe) =>
        new(recipe, model.Id, "films", split, 13, 4, null, "");

    private async Task<ArtefactRef> Stored(AttackSummary summary, AttackedText[] log)
    {
        var lines = await _bench.Artefacts.StoreAsync((to, stop) => WireFormat.WriteLinesAsync(to, log, stop));
        return await _bench.Artefacts.StoreAsync(
            (to, stop) => JsonSerializer.SerializeAsync(to, summary with { Log = lines.Hash }, WireFormat.Options, stop)
        );
    }

    private static WordNet Opposites()
    {
        using var pack = new MemoryStream(
            Encoding.UTF8.GetBytes(
                "transfer-lexicon\twordnet\ns\ta\t1\tgood\ns\ta\t2\tbad\ni\ta\tbad\t2\ni\ta\tgood\t1\no\ta\tbad\tgood\no\ta\tgood\tbad\n"
            )
        );
        return (WordNet)LexiconPack.Open(pack, "pack");
    }

    /// <summary>Counts the letters.</summary>
    private sealed class LettersEmbedder : IEmbedder
    {
        public int Width => 26;

        public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
            [.. texts.Select(text => Unit(text.First))];

        public void Dispose() { }

        private static float[] Unit(string text)
        {
            var counts = new float[26];
            foreach (var letter in text.Where(char.IsAsciiLetterLower))
                counts[letter - 'a']++;
            var length = MathF.Sqrt(counts.Sum(count => count * count));
            return Array.ConvertAll(counts, count => count / length);
        }
    }
}
