using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Training.Api;

/// <summary>What this service answers over HTTP.</summary>
public static class TrainingApi
{
    /// <summary>Maps <c>/api/models</c>.</summary>
    public static IEndpointRouteBuilder MapTrainingApi(this IEndpointRouteBuilder endpoints)
    {
        var models = endpoints.MapGroup("/api/models").WithTags("models");
        models
            .MapPost("", (HttpContext context, ModelUpload upload) => upload.TakeAsync(context))
            .WithSummary("Stores a model: the files of a folder in Hugging Face layout as multipart parts.")
            .TakesBytes("multipart/form-data")
            .Produces<ModelDocument>(StatusCodes.Status201Created);
        models
            .MapGet(
                "",
                async (ModelCatalogue catalogue, CancellationToken cancellation) =>
                    Answers.Json(await catalogue.ListAsync(cancellation))
            )
            .WithSummary("All models, imported and trained.")
            .Produces<IReadOnlyList<ModelDocument>>();
        models
            .MapGet(
                "/{id}",
                async (string id, ModelCatalogue catalogue, CancellationToken cancellation) =>
                    Answers.Json(await catalogue.GetAsync(id, cancellation))
            )
            .WithSummary("One model: name@number, or a name for its newest registration.")
            .Produces<ModelDocument>();
        return endpoints;
    }
}
