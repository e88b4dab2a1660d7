using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Orchestration.Api;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>The body of <c>POST /api/scenarios</c>.</summary>
/// <param name="Scenario">The YAML text.</param>
/// <param name="FileName">What messages call it.</param>
internal sealed record ScenarioRegistration(string? Scenario = null, string? FileName = null);

/// <summary>Scenarios that events start, over HTTP.</summary>
internal static class TriggerApi
{
    private const int LongestName = 200;

    public static void MapTriggerApi(this IEndpointRouteBuilder endpoints)
    {
        var scenarios = endpoints.MapGroup("/api/scenarios").WithTags("scenarios");
        scenarios
            .MapGet(
                "",
                async (ScenarioShelf shelf, CancellationToken cancellation) =>
                    Answers.Json(await shelf.ListAsync(cancellation))
            )
            .WithSummary("The scenarios that events start, and what started them last.")
            .Produces<IReadOnlyList<RegisteredScenario>>();
        scenarios
            .MapPost("", AddAsync)
            .WithSummary("Lets events start a scenario from now on, in the place of the one of its name.")
            .Accepts<ScenarioRegistration>("application/json")
            .Produces<RegisteredScenario>(StatusCodes.Status201Created);
        scenarios
            .MapDelete("/{name}", RemoveAsync)
            .WithSummary("Lets events start a scenario no more; runs under way go on.")
            .Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> AddAsync(HttpContext context, ScenarioShelf shelf)
    {
        if (await JsonBodies.ReadAsync<ScenarioRegistration>(context) is not { Scenario: { Length: > 0 } source } body)
            throw SentScenario.Missing();
        if (source.Length > SentScenario.Longest || body.FileName is { Length: > LongestName })
            throw ApiProblemException.BadInput(
                $"The scenario or its file name is too long; expected at most {SentScenario.Longest} and {LongestName} characters."
            );
        try
        {
            var added = await shelf.AddAsync(source, body.FileName ?? "scenario", context.RequestAborted);
            return Answers.At(context, $"/api/scenarios/{added.Scenario.Id}", added, StatusCodes.Status201Created);
        }
        catch (BadInputException wrong)
        {
            throw SentScenario.Refused(wrong);
        }
    }

    private static async Task<IResult> RemoveAsync(string name, ScenarioShelf shelf, CancellationToken cancellation)
    {
        try
        {
            await shelf.RemoveAsync(name, cancellation);
            return Results.NoContent();
        }
        catch (BadInputException unknown)
        {
            throw ApiProblemException.NotFound(unknown.Message);
        }
    }
}
