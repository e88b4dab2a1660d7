using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone;

/// <summary>What is stored under names.</summary>
internal sealed class Catalogue(
    IDocuments<DatasetDocument> datasets,
    IDocuments<ModelDocument> models,
    IDocuments<LexiconDocument> lexicons
)
{
    /// <summary>All datasets by name, oldest content first.</summary>
    public async Task<IReadOnlyList<DatasetDocument>> DatasetsAsync(CancellationToken cancellation) =>
        [
            .. (await datasets.FindAsync(cancellation).ToListAsync(cancellation))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number),
        ];

    /// <summary>All models by name, oldest content first.</summary>
    public async Task<IReadOnlyList<ModelDocument>> ModelsAsync(CancellationToken cancellation) =>
        [
            .. (await models.FindAsync(cancellation).ToListAsync(cancellation))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number),
        ];

    /// <summary>All packs of words by name, oldest content first.</summary>
    public async Task<IReadOnlyList<LexiconDocument>> LexiconsAsync(CancellationToken cancellation) =>
        [
            .. (await lexicons.FindAsync(cancellation).ToListAsync(cancellation))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ThenBy(entry => entry.Number),
        ];
}
