using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>How a run goes on: a pure function of what is stored and what happened. Late and repeated events change nothing.</summary>
internal static class Workflow
{
    public static Decision Decide(RunView view, RunEvent happened, DateTimeOffset now) =>
        happened switch
        {
            RunEvent.RetryAsked asked => Retry(view, asked),
            _ when view.Run.State != RunState.Running => Nothing,
            RunEvent.Scanned scanned => All(
                view.Steps.Select(step => Look(view, step, scanned.Overdue.Contains(step.Id), now))
                    .Append(End(view, now))
            ),
            RunEvent.StepSeen { Step: var id } => view.Find(id) is { } step
                ? All([Look(view, step, overdue: false, now), End(view, now)])
                : Nothing,
            RunEvent.StepEnded { Step: var id } => view.Find(id)?.State.HasEnded() == true
                ? All(
                    view.DependentsOf(id).Select(step => Look(view, step, overdue: false, now)).Append(End(view, now))
                )
                : Nothing,
            RunEvent.KeyAnswered answered => Take(view, answered, now),
            RunEvent.CancelAsked { Abandoned: var abandoned } => Cancel(view, abandoned, now),
            RunEvent.ResumeAsked { Owner: var owner } => Resume(view, owner),
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };

    private static Decision Nothing { get; } = new([], []);

    /// <summary>What one step's state and its needs lead to.</summary>
    private static Decision Look(RunView view, StepDocument step, bool overdue, DateTimeOffset now)
    {
        var cancel = view.Run.CancelRequested;
        return step.State switch
        {
            StepState.Waiting or StepState.Ready when cancel => Change(Ended(step, StepState.Cancelled, now)),
            StepState.Waiting => Advance(view, step, now),
            StepState.Running when cancel && overdue => Change(CutOff(step, now)),
            StepState.Ready or StepState.Running when overdue && !cancel && !(step.NotBefore > now) => new Decision(
                [],
                [new RunCommand.Send(step)]
            ),
            _ => Nothing,
        };
    }

    private static Decision Advance(RunView view, StepDocument step, DateTimeOffset now)
    {
        var open = false;
        foreach (var need in view.NeededBy(step))
            if (!need.State.HasEnded())
                open = true;
            else if (need.State != StepState.Completed && !step.RunsAfterFailure)
                return Change(Ended(step, StepState.Skipped, now, $"It needs {need.Id}, which {Told(need.State)}."));
        if (open)
            return Nothing;

        var (resolved, problem) = Resolve(view, step);
        if (problem is not null)
            return Change(Ended(step, StepState.Failed, now, problem));
        return step.Uses == StepKinds.Report.Uses
            ? Ready(resolved, now)
            : new Decision([], [new RunCommand.LookUp(resolved with { Key = StepKeys.Compute(resolved) })]);
    }

    private static Decision Take(RunView view, RunEvent.KeyAnswered answered, DateTimeOffset now)
    {
        // The same question again: if its outcome is another by now, the answer came too late.
        if (view.Find(answered.Step) is not { State: StepState.Waiting } step || view.Run.CancelRequested)
            return Nothing;
        var asked = Advance(view, step, now).Commands.OfType<RunCommand.LookUp>().FirstOrDefault()?.Step;
        return answered.Answer switch
        {
            _ when asked?.Key != answered.Key => Nothing,
            KeyAnswer.Compute => Ready(asked!, now),
            KeyAnswer.Known known => Change(
                Ended(asked! with { Output = known.Output, CachedFrom = known.Run }, StepState.Completed, now)
            ),
            _ => Nothing,
        };
    }

    private static (StepDocument Step, string? Problem) Resolve(RunView view, StepDocument step)
    {
        var inputs = new List<StepInput>();
        foreach (var input in step.Inputs)
        {
            var output = input.From is { } from ? view.Find(from.Value)?.Output : null;
            var kind = StepKinds
                .Find(step.Uses)!
                .Inputs.First(k => input.Name == k.Name || input.Name.StartsWith(k.Name + '.'));
            var resolved = input.From is null
                ? input
                : input with
                {
                    Dataset = kind.Kind == InputKind.Dataset ? output?.Dataset : null,
                    Model = kind.Kind == InputKind.Model ? output?.Model : null,
                    File = kind.Kind == InputKind.Attack ? AttackOf(output) : null,
                };
            if (!resolved.Resolved)
                return (step, $"{input.From} left no {kind.Kind.ToString().ToLowerInvariant()} for '{input.Name}'.");
            inputs.Add(resolved);
        }
        return (step with { Inputs = inputs }, null);
    }

    private static ArtefactRef? AttackOf(StepOutput? output) =>
        output?.Files?.GetValueOrDefault(AttackSummary.File) is { } hash ? new ArtefactRef(hash) : null;

    private static Decision End(RunView view, DateTimeOffset now)
    {
        if (!view.Steps.All(step => step.State.HasEnded()))
            return Nothing;
        var stranded = view.Steps.Any(step => step.State.HasStranded());
        var state =
            !stranded ? RunState.Completed
            : view.Run.CancelRequested ? RunState.Cancelled
            : RunState.Failed;
        return Change(new RunChange.OfRun(view.Run with { State = state, Finished = now }));
    }

    private static Decision Cancel(RunView view, bool abandoned, DateTimeOffset now)
    {
        var cut = view
            .Steps.Where(step => abandoned && step.State == StepState.Running)
            .Select(step => CutOff(step, now));
        return new Decision(
            [
                new RunChange.OfRun(view.Run with { CancelRequested = true }),
                .. cut.Select(step => new RunChange.Of(step)),
            ],
            []
        );
    }

    /// <summary>The fence rises so that a worker that was only slow cannot bring a result any more.</summary>
    private static StepDocument CutOff(StepDocument step, DateTimeOffset now) =>
        Ended(step with { Fence = step.Fence + 1 }, StepState.Cancelled, now);

    /// <summary>Steps first, the run last: a crash in between leaves a run that has ended and can be retried again.</summary>
    private static Decision Retry(RunView view, RunEvent.RetryAsked asked)
    {
        var taken = view
            .Steps.Where(step => step.State.HasStranded() && asked.Steps?.Contains(step.Id) != false)
            .Select(step => step.Id)
            .ToHashSet();
        // What the chosen steps need is taken up before them, what needs them after.
        foreach (var step in view.Steps.Reverse().Where(step => taken.Contains(step.Id)))
            taken.UnionWith(step.Needs.Where(need => !step.RunsAfterFailure && view.Find(need)!.State.HasStranded()));
        foreach (var step in view.Steps.Where(step => step.State.HasStranded() && step.Needs.Any(taken.Contains)))
            taken.Add(step.Id);
        if (taken.Count == 0 && !view.Steps.Any(step => step.State == StepState.Waiting))
            return Nothing;

        var fresh = view
            .Steps.Where(step => taken.Contains(step.Id) || (step.RunsAfterFailure && step.State.HasEnded()))
            .Select(Fresh);
        var running = view.Run with
        {
            State = RunState.Running,
            CancelRequested = false,
            Finished = null,
            Owner = asked.Owner,
        };
        return new Decision([.. fresh.Select(step => new RunChange.Of(step)), new RunChange.OfRun(running)], []);
    }

    private static Decision Resume(RunView view, RunOwner? owner)
    {
        var freed = view
            .Steps.Where(step => step.State == StepState.Running)
            .Select(step => step with { State = StepState.Ready, Attempts = 0, NotBefore = null, CommandDue = true })
            .Select(step => step with { Fence = step.Fence + 1 })
            .ToList();
        return new Decision(
            [new RunChange.OfRun(view.Run with { Owner = owner }), .. freed.Select(step => new RunChange.Of(step))],
            [.. freed.Select(step => new RunCommand.Send(step))]
        );
    }

    /// <summary>As it was when the run was submitted; checkpoints stay, since what they depend on has not changed.</summary>
    private static StepDocument Fresh(StepDocument step) =>
        step with
        {
            State = StepState.Waiting,
            Inputs =
            [
                .. step.Inputs.Select(input =>
                    input.From is null ? input : input with { Dataset = null, Model = null }
                ),
            ],
            Key = null,
            Attempts = 0,
            NotBefore = null,
            Progress = null,
            Output = null,
            CachedFrom = null,
            Error = null,
            CommandDue = false,
            ReadySince = null,
            Started = null,
            Ended = null,
        };

    private static Decision Ready(StepDocument step, DateTimeOffset now)
    {
        var ready = step with { State = StepState.Ready, CommandDue = true, ReadySince = now };
        return new Decision([new RunChange.Of(ready)], [new RunCommand.Send(ready)]);
    }

    private static StepDocument Ended(StepDocument step, StepState state, DateTimeOffset now, string? error = null) =>
        step with
        {
            State = state,
            Error = error ?? step.Error,
            CommandDue = false,
            Ended = now,
        };

    private static string Told(StepState state) =>
        state switch
        {
            StepState.Failed => "failed",
            StepState.Skipped => "was skipped",
            StepState.Cancelled => "was cancelled",
            _ => "was quarantined",
        };

    private static Decision Change(StepDocument step) => Change(new RunChange.Of(step));

    private static Decision Change(RunChange change) => new([change], []);

    private static Decision All(IEnumerable<Decision> decisions)
    {
        var all = decisions.ToList();
        return new Decision([.. all.SelectMany(one => one.Changes)], [.. all.SelectMany(one => one.Commands)]);
    }
}
