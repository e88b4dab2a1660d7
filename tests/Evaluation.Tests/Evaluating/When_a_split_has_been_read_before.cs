using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_a_split_has_been_read_before : IDisposable
{
    private static readonly string[] Rows = ["a|yes", "b|no", "c|yes", "d|no"];

    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_split_that_selected_the_model_is_refused()
    {
        var dev = await _bench.Split("dev", Rows);
        await Refused("is that split", selectedOn: dev, scored: dev);
    }

    [Fact]
    public async Task A_part_of_a_split_that_selected_the_model_is_refused()
    {
        var dev = await _bench.Split("dev", Rows);
        await Refused("was cut from it", selectedOn: dev, scored: await _bench.Split("dev", ["b|no"], dev));
    }

    [Fact]
    public async Task A_split_is_refused_when_a_part_of_it_selected_the_model()
    {
        var dev = await _bench.Split("dev", Rows);
        await Refused("is what it was cut from", selectedOn: await _bench.Split("dev", ["b|no"], dev), scored: dev);
    }

    [Fact]
    public async Task Two_parts_of_one_split_are_refused_when_they_share_examples()
    {
        var train = await _bench.Split("train", Rows);
        await Refused(
            "holds some of the same examples",
            selectedOn: await _bench.Split("dev", ["a|yes", "b|no"], train),
            scored: await _bench.Split("dev", ["a|yes", "c|yes"], train)
        );
    }

    [Fact]
    public async Task Two_parts_of_one_split_are_fine_when_they_share_none()
    {
        var all = await _bench.Split("train", Rows);
        var dev = await _bench.Split("dev", ["a|yes", "b|no"], all);
        var test = await _bench.Split("test", ["c|yes", "d|no"], all);
        Assert.Equal(2, (await Score(test, Use(dev, "selection"))).N);
    }

    [Fact]
    public async Task Training_on_a_split_is_counted_and_scored_without_it()
    {
        var train = await _bench.Split("train", ["  A  text |no", "other|no"]);
        var earlier = await _bench.Split("unlabelled", ["d"]);
        var test = await _bench.Split("test", ["a TEXT|yes", "b|no", "c|no", "d|yes"]);

        var scores = await Score(test, Use(train, "training"), Use(earlier, "training"));

        Assert.Equal((4, 2), (scores.N, scores.Seen));
        Assert.Equal(0.5, scores.Metrics["accuracy"].Value);
        Assert.Equal(1.0, scores.MetricsUnseen["accuracy"].Value);
    }

    [Fact]
    public async Task A_test_split_that_was_seen_in_full_has_no_figures_without_it()
    {
        var test = await _bench.Split("test", Rows);
        var scores = await Score(test, Use(test, "training"));
        Assert.Equal((4, 4), (scores.N, scores.Seen));
        Assert.Empty(scores.MetricsUnseen);
    }

    private static SplitUse Use(SplitRef split, string purpose) => new("small", split, purpose);

    private async Task<ModelScores> Score(SplitRef scored, params SplitUse[] ancestry)
    {
        var dataset = StudyBench.Dataset("small", scored);
        var model = await _bench.Model([], StudyBench.Card(ancestry));
        var output = _bench.Evaluate(
            scored.Name,
            new StepInput("dataset", Dataset: dataset),
            new StepInput("models.0", Model: model)
        );
        return _bench.Scores(output)[0];
    }

    private async Task Refused(string reason, SplitRef selectedOn, SplitRef scored)
    {
        var refusal = await Assert.ThrowsAsync<BadInputException>(() => Score(scored, Use(selectedOn, "selection")));
        Assert.Contains(reason, refusal.Message);
        Assert.Contains("expected a split that no early stopping or selection has read", refusal.Message);
    }
}
