using System.Runtime.InteropServices;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Desks;

/// <summary>Follows a run in this process to its end; Ctrl-C stops it gracefully and says how to go on.</summary>
internal static class RunFollower
{
    /// <returns>False where it was stopped before.</returns>
    public static async Task<bool> FollowAsync(
        CommandContext context,
        EmbeddedPipeline pipeline,
        RunDocument run,
        CancellationToken cancellation
    )
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);

        context.Terminal.Say($"Run {run.Id} of scenario {run.Scenario}: {run.Steps.Count} steps.");
        await pipeline.StartAsync(run.Id, interrupted.Token);
        try
        {
            await new RunDisplay(context.Terminal, TimeProvider.System).FollowAsync(LoadAsync, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Complain("Stopping: running steps write a checkpoint.");
            await pipeline.StopAsync();
            context.Terminal.Complain($"Go on with: transfer resume {run.Id}{Home(context)}");
            return false;
        }
        await pipeline.StopAsync();
        return true;

        async Task<(bool, IReadOnlyList<StepDocument>)> LoadAsync()
        {
            var state = (await pipeline.Runs.GetAsync(run.Id, interrupted.Token)).State;
            return (state != RunState.Running, await pipeline.Runs.StepsAsync(run.Id, interrupted.Token));
        }

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }

    private static string Home(CommandContext context) =>
        context.Home == CommandContext.DefaultHome ? "" : $" --home {context.Home}";
}
