using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Evaluating;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_a_model_was_attacked
{
    private static readonly SplitRef Split = new("test", "id", new ArtefactRef("sha256:0"), 6, 6, []);
    private static readonly EvaluationSpec Spec = new() { Resamples = 100 };

    private static readonly AttackedText[] Log =
    [
        One("0", AttackOutcome.Skipped, 0, 1),
        One("1", AttackOutcome.Failed, 2, 30),
        One("2", AttackOutcome.Successful, 1, 10),
        One("3", AttackOutcome.Successful, 4, 60),
        One("4", AttackOutcome.Unfinished, 1, 5),
    ];

    [Fact]
    public void Its_figures_are_counted_as_TextAttack_counts()
    {
        var scores = AttackScoring.Of(Summary("pwws"), Log, Spec);

        Assert.Equal((4, 1, 1, 2, 1), (scores.N, scores.Skipped, scores.Failed, scores.Successful, scores.Unfinished));
        Assert.Equal(0.75, scores.OriginalAccuracy.Value);
        Assert.Equal(0.25, scores.AccuracyUnderAttack.Value);
        Assert.Equal(2.0 / 3, scores.AttackSuccessRate!.Value);
        Assert.Equal(0.25, scores.WordsChanged!.Value);
        Assert.Equal(100.0 / 3, scores.Queries!.Value, 1e-9);
        Assert.True(scores.AccuracyUnderAttack is { Low: < 0.25, High: > 0.25 });
        Assert.Equal([0.5, 0.5, 0.5, 0.25], scores.OverQueries.Take(4).Select(point => point.Value.Value));
        Assert.Equal([0.75, 0.5], scores.OverWordsChanged.Take(2).Select(point => point.Value.Value));
    }

    [Fact]
    public void Of_several_attacks_the_worst_case_counts()
    {
        AttackedText[] other = [.. Log.Select(one => one with { Outcome = Turned(one.Outcome) })];

        var metrics = AttackScoring
            .Metrics(
                [AttackScoring.Of(Summary("pwws"), Log, Spec), AttackScoring.Of(Summary("pruthi"), other, Spec)],
                [Log, other]
            )
            .ToDictionary();

        // Each text that the model is right about is broken by one of them.
        Assert.Equal(0, metrics["accuracyUnderAttack"].Value);
        Assert.Equal(1, metrics["attackSuccessRate"].Value);
        Assert.False(metrics.ContainsKey("queries"));

        static AttackOutcome Turned(AttackOutcome outcome) =>
            outcome switch
            {
                AttackOutcome.Failed => AttackOutcome.Successful,
                AttackOutcome.Successful => AttackOutcome.Failed,
                _ => outcome,
            };
    }

    [Fact]
    public void Noise_has_a_figure_of_its_own()
    {
        var noise = AttackScoring.Of(Summary("pwws") with { Noise = 0.1 }, Log, Spec);

        var metrics = AttackScoring
            .Metrics(
                [AttackScoring.Of(Summary("pwws"), [.. Log.Take(2)], Spec), noise],
                [
                    [.. Log.Take(2)],
                    Log,
                ]
            )
            .ToDictionary();

        Assert.Equal(0.25, metrics["accuracyUnderNoise"].Value);
        Assert.Equal(0.5, metrics["accuracyUnderAttack"].Value);
        Assert.Equal(30, metrics["queries"].Value);
    }

    [Fact]
    public void Words_that_were_left_are_told_and_no_accuracy()
    {
        AttackedText[] log =
        [
            One("0", AttackOutcome.Maximized, 0, 9) with
            {
                WordsLeft = 2,
            },
            One("1", AttackOutcome.Skipped, 0, 1),
        ];

        var scores = AttackScoring.Of(Summary("input-reduction"), log, Spec);

        Assert.Equal((10, 2), (scores.WordsBefore!.Value, scores.WordsLeft!.Value));
        Assert.Empty(AttackScoring.Metrics([scores], [log]));
    }

    [Fact]
    public void A_log_without_an_example_has_no_figures()
    {
        var scores = AttackScoring.Of(Summary("pwws"), [], Spec);

        Assert.Null(scores.AttackSuccessRate);
        Assert.Empty(
            AttackScoring.Metrics(
                [scores],
                [
                    [],
                ]
            )
        );
    }

    private static AttackSummary Summary(string recipe) =>
        new(recipe, "model", "texts", Split, 13, 5, null, "sha256:1");

    private static AttackedText One(string id, AttackOutcome outcome, int changed, int queries) =>
        new(
            id,
            outcome,
            "yes",
            "a b c d",
            null,
            "yes",
            0.1,
            "a b c e",
            null,
            "no",
            0.9,
            10,
            10,
            changed,
            queries,
            queries
        );
}
