using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>
/// The shell around <see cref="Workflow"/>: stores its changes one document at a time and carries its commands out. A
/// process takes a run's events one after another and keeps the run in memory between them.
/// </summary>
internal sealed class RunConductor(
    IDocuments<RunDocument> runs,
    IDocuments<StepDocument> steps,
    KeyBook keys,
    ModelShelf models,
    StepSender sender,
    TimeProvider time,
    ILogger<RunConductor> log
) : IStepEventObserver
{
    private readonly ConcurrentDictionary<string, RunTurn> _turns = new();
    private readonly KeyWaiters _waiting = new();

    public Task EndedAsync(RunId run, StepId step, CancellationToken cancellation) =>
        HandleAsync(run.Value, new RunEvent.StepEnded(step.Value), cancellation);

    /// <summary>Takes one event and all that follows from it; returns the run as it then stands, or null where there is none.</summary>
    public async Task<RunDocument?> HandleAsync(string run, RunEvent happened, CancellationToken cancellation)
    {
        var turn = _turns.GetOrAdd(run, _ => new RunTurn());
        var elsewhere = new HashSet<(string Run, string Step)>();
        RunDocument? seen;
        await turn.Gate.WaitAsync(cancellation);
        try
        {
            seen = await HandleInTurnAsync(turn, run, happened, elsewhere, cancellation);
        }
        catch
        {
            turn.Forget();
            throw;
        }
        finally
        {
            turn.Gate.Release();
        }
        foreach (var (other, step) in elsewhere)
            await HandleAsync(other, new RunEvent.StepSeen(step), cancellation);
        return seen;
    }

    private async Task<RunDocument?> HandleInTurnAsync(
        RunTurn turn,
        string run,
        RunEvent happened,
        HashSet<(string, string)> elsewhere,
        CancellationToken cancellation
    )
    {
        var fresh = happened is RunEvent.Scanned or RunEvent.RetryAsked or RunEvent.ResumeAsked or RunEvent.CancelAsked;
        if (fresh || turn.View is null)
        {
            if (await runs.GetAsync(run, cancellation) is not { } document)
                return null;
            if (document.State != RunState.Running && happened is not RunEvent.RetryAsked)
            {
                turn.Forget();
                return document;
            }
            turn.View = await LoadAsync(document, cancellation);
        }
        else if (happened is RunEvent.StepEnded { Step: var ended })
            await RefreshAsync(turn.View, ended, cancellation);
        if (happened is RunEvent.Scanned)
            happened = new RunEvent.Scanned(turn.Watch.Overdue(turn.View.Steps, time));

        var queue = new Queue<RunEvent>([happened]);
        while (queue.TryDequeue(out var next))
        {
            var view = turn.View;
            if (next is RunEvent.StepEnded { Step: var step } && view.Find(step) is { } gone && gone.State.HasEnded())
                await ConcludeAsync(turn, gone, elsewhere, queue, cancellation);
            var decision = Workflow.Decide(view, next, time.GetUtcNow());
            // Before the run's end is stored: nobody looks at an ended run again.
            if (next is RunEvent.Scanned || decision.EndsRun)
                foreach (var done in view.Steps.Where(done => done.State.HasEnded()))
                    await ConcludeAsync(turn, done, elsewhere, queue, cancellation);
            foreach (var change in decision.Changes)
                await ApplyAsync(turn, change, queue, cancellation);
            foreach (var command in decision.Commands)
                await ExecuteAsync(turn, command, queue, cancellation);
        }
        var last = turn.View.Run;
        if (last.State != RunState.Running)
            turn.Forget();
        return last;
    }

    private async Task ApplyAsync(RunTurn turn, RunChange change, Queue<RunEvent> queue, CancellationToken cancellation)
    {
        var view = turn.View!;
        switch (change)
        {
            case RunChange.Of { Step: var step }:
                if (await steps.ReplaceAsync(step, cancellation) is { } stored)
                {
                    view.Put(stored);
                    if (stored.State == StepState.Ready)
                        FaultPoints.Reach(FaultPoints.BetweenReadyWrites);
                }
                else
                {
                    await RefreshAsync(view, step.Id, cancellation, certain: true);
                    queue.Enqueue(new RunEvent.StepSeen(step.Id));
                }
                if (view.Find(step.Id)!.State.HasEnded())
                    queue.Enqueue(new RunEvent.StepEnded(step.Id));
                break;

            case RunChange.OfRun { Run: var run }:
                if (await runs.ReplaceAsync(run, cancellation) is { } storedRun)
                {
                    view.Run = storedRun;
                    if (storedRun.State != RunState.Running)
                        log.LogInformation("Run {Run} ended: {State}", run.Id, run.State);
                }
                else
                    turn.View = await LoadAsync((await runs.GetAsync(run.Id, cancellation))!, cancellation);
                if (turn.View!.Run.State == RunState.Running)
                    queue.Enqueue(new RunEvent.Scanned(new HashSet<string>()));
                break;
        }
    }

    private async Task ExecuteAsync(
        RunTurn turn,
        RunCommand command,
        Queue<RunEvent> queue,
        CancellationToken cancellation
    )
    {
        switch (command)
        {
            case RunCommand.Send { Step: var step }:
                turn.Watch.Sent(step.Id, time);
                sender.Send(step);
                break;

            case RunCommand.LookUp { Step: var step }:
                // Noted before asking: whoever ends in between then finds it.
                _waiting.Add(step);
                var answer = await keys.AskAsync(step, turn.View!.Run.Owner, cancellation);
                if (answer is not KeyAnswer.InFlight)
                    _waiting.Remove(step);
                queue.Enqueue(new RunEvent.KeyAnswered(step.Id, step.Key!, answer));
                break;
        }
    }

    /// <summary>What a step's end means beyond its own run: its model gets a name, and who waited for its key asks again.</summary>
    private async Task ConcludeAsync(
        RunTurn turn,
        StepDocument step,
        HashSet<(string Run, string Step)> elsewhere,
        Queue<RunEvent> queue,
        CancellationToken cancellation
    )
    {
        if (!turn.Concluded.Add(step.Id))
            return;
        if (step.State == StepState.Completed)
            await models.RegisterAsync(turn.View!.Run, step, cancellation);
        if (step.Key is { } key)
            foreach (var waiter in _waiting.Take(key))
                if (waiter.Run == step.Run)
                    queue.Enqueue(new RunEvent.StepSeen(waiter.Step));
                else
                    elsewhere.Add(waiter);
    }

    private async Task<RunView> LoadAsync(RunDocument run, CancellationToken cancellation)
    {
        var all = new List<StepDocument>(run.Steps.Count);
        await foreach (var step in steps.FindAsync(cancellation, ("run", run.Id)))
            all.Add(step);
        return new RunView(run, all);
    }

    /// <summary>Reads one step again; one that is known to have ended cannot have changed but by a retry, which reads all.</summary>
    private async Task RefreshAsync(RunView view, string step, CancellationToken cancellation, bool certain = false)
    {
        if (view.Find(step) is not { } known || (known.State.HasEnded() && !certain))
            return;
        if (await steps.GetAsync(step, cancellation) is { } stored)
            view.Put(stored);
    }
}
