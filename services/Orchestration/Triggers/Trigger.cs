using System.IO.Enumeration;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>
/// Starts a scenario by an event, once: the firing's id is scenario and event, and it holds the run. The run's steps are
/// stored before it, the run itself after; whoever finds a firing without its run stores the run.
/// </summary>
internal sealed class Trigger(
    IDocuments<FiringDocument> firings,
    IDocuments<RunDocument> runs,
    IDocuments<StepDocument> steps,
    Submission submission,
    CatalogueInputs inputs,
    RunConductor conductor,
    TimeProvider time,
    ILogger<Trigger> log
)
{
    /// <summary>Longer chains are no study; two scenarios that were added at the same moment may be a circle.</summary>
    public const int DeepestChain = 16;

    public static bool Matches(ScenarioDocument scenario, DatasetDocument dataset) =>
        scenario.DatasetName is { } pattern
        && dataset.Stored >= scenario.Registered
        && FileSystemName.MatchesSimpleExpression(pattern, dataset.Name, ignoreCase: false);

    public static bool Matches(ScenarioDocument scenario, RunDocument run) =>
        scenario.AfterScenario == run.Scenario
        && run.State == RunState.Completed
        && run.Finished >= scenario.Registered;

    public Task FireAsync(ScenarioDocument scenario, DatasetDocument dataset, CancellationToken cancellation) =>
        FireAsync(
            scenario,
            new RunOrigin(TriggerSpec.DatasetIngested, dataset.Id, Depth: 1),
            [$"{scenario.DatasetInput}={dataset.Id}"],
            cancellation
        );

    public Task FireAsync(ScenarioDocument scenario, RunDocument run, CancellationToken cancellation) =>
        FireAsync(
            scenario,
            new RunOrigin(TriggerSpec.RunCompleted, run.Id, (run.StartedBy?.Depth ?? 0) + 1),
            [],
            cancellation
        );

    /// <summary>Stores the run of a firing that a process left between the two writes.</summary>
    public async Task CompleteAsync(FiringDocument firing, CancellationToken cancellation)
    {
        if (firing is not { State: FiringState.Due, Run: { } run })
            return;
        if (await runs.InsertAsync(run, cancellation))
            log.LogInformation("Run {Run} of {Scenario} was started by {Event}", run.Id, run.Scenario, firing.Origin);
        await firings.ReplaceAsync(firing with { State = FiringState.Started, Run = null }, cancellation);
        await conductor.HandleAsync(run.Id, new RunEvent.Scanned(new HashSet<string>()), cancellation);
    }

    private async Task FireAsync(
        ScenarioDocument scenario,
        RunOrigin origin,
        IReadOnlyList<string> overrides,
        CancellationToken cancellation
    )
    {
        var id = $"{scenario.Id}/{origin.Trigger}/{origin.Event}";
        if (await firings.GetAsync(id, cancellation) is not null)
            return;
        var firing = await PrepareAsync(id, scenario, origin, overrides, cancellation);
        if (await firings.InsertAsync(firing, cancellation))
            await CompleteAsync(firing.WithVersion(1), cancellation);
        else
            // Another process was faster; nobody will ever ask for these.
            foreach (var step in firing.Run?.Steps ?? [])
                await steps.DeleteAsync(step, cancellation);
    }

    private async Task<FiringDocument> PrepareAsync(
        string id,
        ScenarioDocument scenario,
        RunOrigin origin,
        IReadOnlyList<string> overrides,
        CancellationToken cancellation
    )
    {
        var firing = new FiringDocument
        {
            Id = id,
            Scenario = scenario.Id,
            Origin = origin,
            State = FiringState.Refused,
            Fired = time.GetUtcNow(),
        };
        if (origin.Depth > DeepestChain)
            return Refused($"more than {DeepestChain} runs would have started one another");
        try
        {
            var request = new RunRequest(scenario.Source, scenario.FileName, overrides) { StartedBy = origin };
            var run = await submission.PrepareAsync(request, inputs, cancellation);
            return firing with { State = FiringState.Due, Run = run };
        }
        catch (BadInputException wrong)
        {
            return Refused(wrong.Message);
        }

        FiringDocument Refused(string why)
        {
            log.LogError("{Event} does not start scenario {Scenario}: {Problem}", origin, scenario.Id, why);
            return firing with { Error = why };
        }
    }
}
