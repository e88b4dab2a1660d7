using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Hosting.Http.Idempotency;

/// <summary>Removes old answers every hour.</summary>
internal sealed class IdempotencySweeper(IdempotencyBook book, TimeProvider time, ILogger<IdempotencySweeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await Task.Delay(Every, time, stoppingToken);
                await book.SweepAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                log.LogWarning(away, "Old answers could not be removed; it is tried again in an hour");
            }
    }
}
