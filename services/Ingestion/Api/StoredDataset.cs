using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Ingestion.Api;

/// <summary>The answer to an upload.</summary>
/// <param name="Notes">For people: columns guessed, files left out.</param>
/// <param name="IsNew">False where the name already had this content.</param>
internal sealed record StoredDataset(
    string Id,
    string Name,
    int Number,
    DatasetRef Dataset,
    DatasetStatistics Statistics,
    IReadOnlyList<string> Notes,
    bool IsNew
)
{
    public static StoredDataset Of(ImportResult stored) =>
        new(
            stored.Document.Id,
            stored.Document.Name,
            stored.Document.Number,
            stored.Document.Dataset,
            stored.Statistics,
            stored.Statistics.Notes,
            stored.IsNew
        );
}

/// <summary>A page of a split.</summary>
/// <param name="Page">Counted from 1.</param>
/// <param name="Total">Examples in the split.</param>
internal sealed record ExamplePage(string Split, int Page, int Size, long Total, IReadOnlyList<Example> Examples);
