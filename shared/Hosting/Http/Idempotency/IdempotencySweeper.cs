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
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await book.SweepAsync(stoppingToken);
            }
            catch (Exception away) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(away, "Old answers could not be removed; it is tried again in an hour");
            }
    }
}
