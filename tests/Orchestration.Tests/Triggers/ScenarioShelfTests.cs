using TransferPipeline.Contracts;

namespace TransferPipeline.Orchestration.Tests.Triggers;

public sealed class When_a_scenario_is_registered : IDisposable
{
    private readonly TriggerHouse _triggers = new();

    [Fact]
    public async Task It_is_kept_under_its_name_and_another_takes_its_place_from_the_same_day_on()
    {
        var first = await AddAsync(Study("study", "dataset-ingested: { name: reviews }"));
        _triggers.Time.Now += TimeSpan.FromDays(1);

        var second = await AddAsync(
            Study("study", "run-completed: { scenario: other }, dataset-ingested: { name: b }")
        );

        Assert.Equal(("reviews", "dataset", null), (first.DatasetName, first.DatasetInput, first.AfterScenario));
        Assert.Equal(("b", "other", first.Registered), (second.DatasetName, second.AfterScenario, second.Registered));
        var listed = Assert.Single(await _triggers.Shelf.ListAsync(TestContext.Current.CancellationToken));
        Assert.Equal((second, 0, null), (listed.Scenario, listed.Started, listed.Last));
        Assert.Equal("dataset b (as dataset) and completed runs of other", listed.Events);
    }

    [Theory]
    [InlineData("run-completed: { scenario: study }", "'study' would start itself for ever; expected another scenario")]
    [InlineData(
        "run-finished: { scenario: a }",
        "on: unknown key 'run-finished' (expected one of dataset-ingested, run-completed)"
    )]
    [InlineData("dataset-ingested: { }", "on.dataset-ingested: 'name' is missing")]
    [InlineData("dataset-ingested: { name: ../x }", "on.dataset-ingested.name: '../x' does not fit")]
    [InlineData("dataset-ingested: { name: x, as: corpus }", "on.dataset-ingested.as: unknown input 'corpus'")]
    [InlineData("dataset-ingested: reviews", "'reviews' is of the wrong type; expected a block of keys")]
    [InlineData("", "on: expected dataset-ingested or run-completed, a block of keys")]
    public async Task What_is_wrong_with_its_events_is_told_and_nothing_is_stored(string on, string problem)
    {
        var wrong = await Assert.ThrowsAsync<BadInputException>(() => AddAsync(Study("study", on)));

        Assert.Contains(problem, Assert.Single(wrong.Problems));
        Assert.Contains("study.yaml:2:", wrong.Problems[0]);
        Assert.Empty(_triggers.Scenarios.All);
    }

    [Fact]
    public async Task Without_events_it_would_never_start()
    {
        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            AddAsync(
                Study("study", "").Replace("on: {  }", "description: idle").Replace("dataset: }", "dataset: reviews }")
            )
        );

        Assert.Contains("on: is missing, so nothing would start it", wrong.Message);
    }

    [Fact]
    public async Task A_circle_of_scenarios_is_refused()
    {
        await AddAsync(Study("b", "run-completed: { scenario: a }"));
        await AddAsync(Study("c", "run-completed: { scenario: b }"));

        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            AddAsync(Study("a", "run-completed: { scenario: c }"))
        );

        Assert.Contains("'a' would start itself for ever: a → b → c → a", wrong.Message);
        Assert.Equal(["b", "c"], _triggers.Scenarios.All.Select(scenario => scenario.Id));
    }

    public void Dispose() => _triggers.Dispose();

    private static string Study(string name, string on) =>
        When_an_event_starts_a_scenario.Study(name, on).Replace("dataset: }", "dataset: reviews }");

    private async Task<Storage.Documents.ScenarioDocument> AddAsync(string scenario) =>
        (await _triggers.Shelf.AddAsync(scenario, "study.yaml", TestContext.Current.CancellationToken)).Scenario;
}
