using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Ingestion.Api;

/// <summary>What this service answers over HTTP.</summary>
public static class IngestionApi
{
    /// <summary>Maps <c>/api/datasets</c>.</summary>
    public static IEndpointRouteBuilder MapIngestionApi(this IEndpointRouteBuilder endpoints)
    {
        var datasets = endpoints.MapGroup("/api/datasets").WithTags("datasets");
        datasets
            .MapPost("", (HttpContext context, DatasetUpload upload) => upload.TakeAsync(context))
            .WithSummary("Stores a dataset: multipart file parts named by split, or one file as the raw body.")
            .TakesBytes("multipart/form-data", "application/octet-stream")
            .Produces<StoredDataset>(StatusCodes.Status201Created)
            .Produces<StoredDataset>();
        datasets
            .MapGet(
                "",
                async (DatasetShelf shelf, CancellationToken cancellation) =>
                    Answers.Json(await shelf.ListAsync(cancellation))
            )
            .WithSummary("All datasets.")
            .Produces<IReadOnlyList<DatasetDocument>>();
        datasets
            .MapGet(
                "/{id}",
                async (string id, DatasetShelf shelf, CancellationToken cancellation) =>
                    Answers.Json(await shelf.GetAsync(id, cancellation))
            )
            .WithSummary("One dataset: name@number, or a name for its newest content.")
            .Produces<DatasetDocument>();
        datasets
            .MapGet(
                "/{id}/examples",
                async (
                    string id,
                    string? split,
                    string? page,
                    string? size,
                    DatasetShelf shelf,
                    CancellationToken cancellation
                ) => Answers.Json(await shelf.ExamplesAsync(id, split, page, size, cancellation))
            )
            .WithSummary("A page of a split's examples.")
            .Produces<ExamplePage>();
        return endpoints;
    }
}
