using System.Runtime.InteropServices;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Remote;

/// <summary>Shows a server's run while it goes on; Ctrl-C stops the watching, not the run.</summary>
internal static class RemoteFollower
{
    /// <returns>False where the watching was stopped before the run's end.</returns>
    public static async Task<bool> FollowAsync(
        CommandContext context,
        RemoteDesk desk,
        ApiClient api,
        RunDocument run,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(interrupted.Token);
        var news = new RunNews(api, desk, run, time);
        var listener = news.ListenAsync(listening.Token);
        try
        {
            await new RunDisplay(context.Terminal, time).FollowAsync(
                () => news.LookAsync(interrupted.Token),
                interrupted.Token
            );
            return true;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            await listening.CancelAsync();
            await listener;
        }

        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }
    }
}
