using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Which step computes, or has computed, a key. One document per key, so that of two who ask at once one is told to wait.</summary>
internal sealed class KeyBook(
    IDocuments<KeyDocument> keys,
    IDocuments<StepDocument> steps,
    IDocuments<RunDocument> runs,
    StoredOutputs outputs
)
{
    /// <param name="step">A step about to become ready, with its key.</param>
    /// <param name="owner">The process whose workers may claim it; null: any.</param>
    public async Task<KeyAnswer> AskAsync(StepDocument step, RunOwner? owner, CancellationToken cancellation)
    {
        var mine = new KeyDocument { Id = step.Key!, Step = step.Id };
        if (step.NoCache)
        {
            await TakeAsync(mine, cancellation);
            return new KeyAnswer.Compute();
        }
        while (true)
        {
            if (await keys.GetAsync(mine.Id, cancellation) is not { } entry)
            {
                if (await keys.InsertAsync(mine, cancellation))
                    return new KeyAnswer.Compute();
                continue;
            }
            if (entry.Step == step.Id)
                return new KeyAnswer.Compute();

            var holder = await steps.GetAsync(entry.Step, cancellation);
            if (holder is { State: StepState.Completed, Output: { } output } && holder.Key == mine.Id)
            {
                if (await outputs.VerifyAsync(output, cancellation))
                    return new KeyAnswer.Known(output, holder.CachedFrom ?? holder.Run);
            }
            else if (holder?.State.HasEnded() == false && await IsWorkedOnAsync(holder, step.Run, owner, cancellation))
                return new KeyAnswer.InFlight();

            if (await keys.ReplaceAsync(mine with { Version = entry.Version }, cancellation) is not null)
                return new KeyAnswer.Compute();
        }
    }

    /// <summary>Who computes without looking is the one to be looked at from now on.</summary>
    private async Task TakeAsync(KeyDocument mine, CancellationToken cancellation)
    {
        if (await keys.GetAsync(mine.Id, cancellation) is not { } entry)
            await keys.InsertAsync(mine, cancellation);
        else if (entry.Step != mine.Step)
            await keys.ReplaceAsync(mine with { Version = entry.Version }, cancellation);
    }

    /// <summary>Whether somebody who lives will bring that step to its end.</summary>
    private async Task<bool> IsWorkedOnAsync(
        StepDocument holder,
        string askingRun,
        RunOwner? askingOwner,
        CancellationToken cancellation
    )
    {
        if (holder.Run == askingRun)
            return true;
        var run = await runs.GetAsync(holder.Run, cancellation);
        return run is { State: RunState.Running, CancelRequested: false }
            && (run.Owner == askingOwner || run.Owner?.IsAlive() == true);
    }
}
