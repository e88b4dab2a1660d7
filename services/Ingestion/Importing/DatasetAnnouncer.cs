using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Ingestion.Importing;

/// <summary>
/// Tells of a stored dataset, beside the import: a broker that is away holds nobody up, and who starts work by datasets
/// also looks at the store. Without a bus nobody is told.
/// </summary>
public sealed class DatasetAnnouncer(ILogger<DatasetAnnouncer> log, IStepBus? bus = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public void Announce(DatasetDocument stored) => _ = PublishAsync(stored);

    private async Task PublishAsync(DatasetDocument stored)
    {
        if (bus is null)
            return;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await bus.PublishAsync(new DatasetIngested(stored.Name, stored.Number, stored.Dataset), patience.Token);
        }
        catch (Exception lost)
        {
            log.LogWarning(lost, "Dataset {Dataset} could not be announced", stored.Id);
        }
    }
}
