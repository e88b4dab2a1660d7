using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Orchestration.DeadLetters;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Api;

/// <summary>What this service answers over HTTP.</summary>
public static class OrchestrationApi
{
    /// <summary>Maps <c>/api/runs</c>, <c>/api/scenarios</c>, <c>/api/artefacts</c>, <c>/api/clean</c> and <c>/api/dead-letters</c>.</summary>
    public static IEndpointRouteBuilder MapOrchestrationApi(this IEndpointRouteBuilder endpoints)
    {
        MapRuns(endpoints.MapGroup("/api/runs").WithTags("runs"));
        MapActions(endpoints.MapGroup("/api/runs/{id}").WithTags("runs"));
        MapArtefacts(endpoints.MapGroup("/api/artefacts").WithTags("artefacts"));
        endpoints
            .MapPost("/api/clean", (HttpContext context, RunCounter counter) => counter.CleanAsync(context))
            .WithTags("artefacts")
            .WithSummary("Removes artefacts that nothing refers to.")
            .Accepts<CleanRequest>(isOptional: true, "application/json")
            .Produces<CleanResult>();
        endpoints.MapTriggerApi();
        endpoints.MapDeadLetterApi();
        return endpoints;
    }

    private static void MapRuns(RouteGroupBuilder runs)
    {
        runs.MapPost("", (HttpContext context, RunCounter counter) => counter.SubmitAsync(context))
            .WithSummary("Starts a run of a scenario.")
            .Accepts<RunSubmission>("application/json")
            .Produces<RunDocument>(StatusCodes.Status202Accepted);
        runs.MapGet(
                "",
                async (RunDesk desk, CancellationToken cancellation) => Answers.Json(await desk.ListAsync(cancellation))
            )
            .WithSummary("All runs, newest first.")
            .Produces<IReadOnlyList<RunDocument>>();
        runs.MapGet(
                "/{id}",
                async (string id, RunCounter counter, CancellationToken cancellation) =>
                    Answers.Json(await counter.GetAsync(id, cancellation))
            )
            .WithSummary("One run.")
            .Produces<RunDocument>();
        runs.MapGet(
                "/{id}/steps",
                async (string id, RunCounter counter, CancellationToken cancellation) =>
                    Answers.Json(await counter.StepsAsync(id, cancellation))
            )
            .WithSummary("A run's steps, needed ones first.")
            .Produces<IReadOnlyList<StepDocument>>();
        runs.MapGet(
                "/{id}/events",
                (HttpContext context, string id, RunStream stream) => stream.FollowAsync(context, id)
            )
            .WithSummary("A run's changes as server-sent events: step, progress, run.")
            .Produces<string>(contentType: "text/event-stream");
    }

    private static void MapActions(RouteGroupBuilder run)
    {
        run.MapPost("/cancel", (HttpContext context, string id, RunCounter counter) => counter.CancelAsync(context, id))
            .WithSummary("Stops a run; running steps stop at their next batch.")
            .Produces<RunDocument>(StatusCodes.Status202Accepted);
        run.MapPost("/retry", (HttpContext context, string id, RunCounter counter) => counter.RetryAsync(context, id))
            .WithSummary("Takes up again what did not complete.")
            .Accepts<RetryRequest>(isOptional: true, "application/json")
            .Produces<RunDocument>(StatusCodes.Status202Accepted);
        run.MapPost("/resume", (HttpContext context, string id, RunCounter counter) => counter.ResumeAsync(context, id))
            .WithSummary("Goes on with a run that was left unfinished.")
            .Produces<RunDocument>(StatusCodes.Status202Accepted);
    }

    private static void MapArtefacts(RouteGroupBuilder artefacts)
    {
        artefacts
            .MapPost("", (HttpContext context, ArtefactShelf shelf) => shelf.TakeAsync(context))
            .WithSummary("Stores a file that a step reads.")
            .TakesBytes("application/octet-stream")
            .Produces<StoredFile>(StatusCodes.Status201Created);
        artefacts
            .MapGet(
                "/{hash}",
                (HttpContext context, string hash, ArtefactShelf shelf) => shelf.GiveAsync(context, hash)
            )
            .WithSummary("An artefact's bytes.")
            .Produces<Stream>(contentType: "application/octet-stream");
    }
}
