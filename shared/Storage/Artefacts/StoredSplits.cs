using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Storage.Artefacts;

/// <summary>Splits of datasets among the artefacts.</summary>
public static class StoredSplits
{
    /// <summary>Stores rows as a split; returns when they are there.</summary>
    /// <param name="cutFrom">Ids of the splits that its rows were taken from, nearest first; null: none.</param>
    public static SplitRef StoreSplit(
        this IArtefacts artefacts,
        string name,
        IEnumerable<Example> rows,
        IEnumerable<string>? cutFrom = null,
        CancellationToken cancellation = default
    )
    {
        SplitSummary? summary = null;
        var content = artefacts
            .StoreAsync(async (to, stop) => summary = await SplitWriter.WriteAsync(to, rows, stop), cancellation)
            .GetAwaiter()
            .GetResult();
        return DatasetIdentity.Split(name, summary!, content, [.. (cutFrom ?? []).Distinct()]);
    }
}
