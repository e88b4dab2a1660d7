using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace TransferPipeline.Ingestion.Inbox;

/// <summary>Looks into the inbox for as long as the process runs; of several processes one does.</summary>
internal sealed class InboxWatch(
    InboxFolder inbox,
    IOptions<InboxOptions> options,
    TimeProvider time,
    ILogger<InboxWatch> log
) : BackgroundService
{
    private const string LockFile = ".lock";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Folder is not { } folder)
            return;
        FileStream? held = null;
        try
        {
            while (true)
            {
                try
                {
                    held ??= Lock(folder);
                    if (held is not null)
                        await inbox.LookAsync(stoppingToken);
                }
                catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
                {
                    log.LogWarning(trouble, "The inbox {Folder} could not be looked at", folder);
                }
                await Task.Delay(options.Value.LookEvery, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>The lock of the process that watches; it goes with the process, however that ends.</summary>
    private static FileStream? Lock(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(
                Path.Combine(folder, LockFile),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }
}
