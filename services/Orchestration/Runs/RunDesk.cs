using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Where runs are handed in, looked at, cancelled, retried and resumed.</summary>
public sealed class RunDesk
{
    private const int Listed = 10;

    private readonly IDocuments<RunDocument> _runs;
    private readonly IDocuments<StepDocument> _steps;
    private readonly Submission _submission;
    private readonly RunConductor _conductor;
    private readonly CleanUp _cleanUp;
    private readonly OrchestrationOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RunDesk> _log;

    internal RunDesk(
        IDocuments<RunDocument> runs,
        IDocuments<StepDocument> steps,
        Submission submission,
        RunConductor conductor,
        CleanUp cleanUp,
        IOptions<OrchestrationOptions> options,
        TimeProvider time,
        ILogger<RunDesk> log
    )
    {
        _runs = runs;
        _steps = steps;
        _submission = submission;
        _conductor = conductor;
        _cleanUp = cleanUp;
        _options = options.Value;
        _time = time;
        _log = log;
    }

    /// <summary>Checks the scenario, resolves its inputs, stores the run and starts it.</summary>
    /// <exception cref="BadInputException">Everything that is wrong with it; nothing was stored.</exception>
    public async Task<RunDocument> SubmitAsync(
        RunRequest request,
        IInputResolver inputs,
        CancellationToken cancellation = default
    )
    {
        var run = await _submission.StoreAsync(request, inputs, cancellation);
        Start(run.Id);
        return run;
    }

    /// <exception cref="BadInputException">There is no such run; the message names the newest ones.</exception>
    public async Task<RunDocument> GetAsync(string run, CancellationToken cancellation = default)
    {
        if (await _runs.GetAsync(run, cancellation) is { } found)
            return found;
        var newest = (await ListAsync(cancellation)).Take(Listed).Select(known => known.Id).ToList();
        throw new BadInputException(
            $"no run '{run}'; "
                + (newest.Count == 0 ? "there are no runs yet" : $"the newest are {string.Join(", ", newest)}")
        );
    }

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<RunDocument>> ListAsync(CancellationToken cancellation = default)
    {
        var all = new List<RunDocument>();
        await foreach (var run in _runs.FindAsync(cancellation))
            all.Add(run);
        return [.. all.OrderByDescending(run => run.Submitted)];
    }

    /// <summary>A run's steps, needed ones first.</summary>
    public async Task<IReadOnlyList<StepDocument>> StepsAsync(string run, CancellationToken cancellation = default)
    {
        var document = await GetAsync(run, cancellation);
        var steps = new Dictionary<string, StepDocument>();
        await foreach (var step in _steps.FindAsync(cancellation, ("run", run)))
            steps[step.Id] = step;
        return [.. document.Steps.Select(id => steps[id])];
    }

    /// <summary>Returns the run when it has ended.</summary>
    public async Task<RunDocument> WaitAsync(string run, CancellationToken cancellation = default)
    {
        while (true)
        {
            var document = await GetAsync(run, cancellation);
            if (document.State != RunState.Running)
                return document;
            await Task.Delay(_options.LookEvery, _time, cancellation);
        }
    }

    /// <summary>Asks for the end of a run; running steps stop at their next batch.</summary>
    public async Task<RunDocument> CancelAsync(string run, CancellationToken cancellation = default)
    {
        var document = await GetAsync(run, cancellation);
        if (document.State != RunState.Running)
            throw new BadInputException($"run {run} has ended already: {Word(document.State)}");
        var abandoned = document.Owner?.IsAlive() == false;
        return (await _conductor.HandleAsync(run, new RunEvent.CancelAsked(abandoned), cancellation))!;
    }

    /// <summary>Takes up again what failed, was quarantined, skipped or cancelled: all of it, or one step and what needs it.</summary>
    /// <param name="step">A step's id, with or without the run, or its name for all its cells; null: all.</param>
    /// <param name="owner">The process whose workers may claim the steps from now on; null: any.</param>
    public async Task<RunDocument> RetryAsync(
        string run,
        string? step,
        RunOwner? owner,
        CancellationToken cancellation = default
    )
    {
        var document = await GetAsync(run, cancellation);
        if (document.State == RunState.Running && document.Owner != owner)
            throw new BadInputException(
                document.Owner?.IsAlive() == false
                    ? $"run {run} was left unfinished; expected 'transfer resume {run}' first"
                    : $"run {run} is still worked on{ByWhom(document.Owner)}; expected one that has ended"
            );
        var all = await StepsAsync(run, cancellation);
        var named = all.Where(one => step is null || one.Id == step || one.Id == $"{run}.{step}" || one.Name == step)
            .ToList();
        if (named.Count == 0)
            throw new BadInputException(
                $"run {run} has no step '{step}'; expected one of "
                    + string.Join(", ", all.Select(one => one.Name).Distinct())
            );
        var stranded = named.Where(one => one.State.HasStranded()).Select(one => one.Id).ToHashSet();
        if (stranded.Count == 0 && named.All(one => one.State != StepState.Waiting))
            throw new BadInputException(
                $"{(step is null ? $"run {run}" : $"step '{step}'")} has nothing to retry: every step is "
                    + string.Join(" or ", named.Select(one => Word(one.State)).Distinct())
            );
        return (
            await _conductor.HandleAsync(
                run,
                new RunEvent.RetryAsked(step is null ? null : stranded, owner),
                cancellation
            )
        )!;
    }

    /// <summary>Goes on with a run whose process died or was stopped; refuses while that process lives.</summary>
    public async Task<RunDocument> ResumeAsync(string run, RunOwner? owner, CancellationToken cancellation = default)
    {
        var document = await GetAsync(run, cancellation);
        if (document.State != RunState.Running)
            throw new BadInputException(
                $"run {run} has ended already: {Word(document.State)}"
                    + (document.State == RunState.Completed ? "" : $"; expected 'transfer retry {run}'")
            );
        if (document.Owner is null ? owner is not null : document.Owner != owner && document.Owner.IsAlive())
            throw new BadInputException($"run {run} is still worked on{ByWhom(document.Owner)}");
        return (await _conductor.HandleAsync(run, new RunEvent.ResumeAsked(owner), cancellation))!;
    }

    /// <summary>Removes artefacts that nothing refers to and that are older than that.</summary>
    public Task<CleanResult> CleanAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellation = default) =>
        _cleanUp.CleanAsync(olderThan, dryRun, cancellation);

    /// <summary>Beside the caller, who may want to show progress: many steps may be answered from the cache at once.</summary>
    private void Start(string run) =>
        _ = Task.Run(async () =>
        {
            try
            {
                await _conductor.HandleAsync(run, new RunEvent.Scanned(new HashSet<string>()), CancellationToken.None);
            }
            catch (Exception problem)
            {
                _log.LogWarning(problem, "Run {Run} could not be started yet; it is looked at again", run);
            }
        });

    private static string ByWhom(RunOwner? owner) => owner is null ? " by a server" : $" by process {owner.ProcessId}";

    private static string Word<T>(T state) => state!.ToString()!.ToLowerInvariant();
}
