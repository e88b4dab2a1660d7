using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus.DeadLetters;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.DeadLetters;

/// <summary>Messages that no consumer could take: what there is, why, and once more.</summary>
public static class DeadLetterApi
{
    public static IEndpointRouteBuilder MapDeadLetterApi(this IEndpointRouteBuilder routes)
    {
        var letters = routes.MapGroup("/api/dead-letters").WithTags("Dead letters");
        letters.MapGet("/", ListAsync).WithName("ListDeadLetters");
        letters.MapGet("/{id}", GetAsync).WithName("GetDeadLetter");
        letters.MapPost("/{id}/replay", ReplayAsync).WithName("ReplayDeadLetter");
        return routes;
    }

    private static async Task<IResult> ListAsync(IDeadLetters letters, CancellationToken cancellation) =>
        Results.Json(
            (await letters.ListAsync(cancellation)).Select(letter => letter with { Detail = null }),
            WireFormat.Options
        );

    private static async Task<IResult> GetAsync(string id, IDeadLetters letters, CancellationToken cancellation) =>
        await letters.FindAsync(id, cancellation) is { } letter
            ? Results.Json(letter, WireFormat.Options)
            : Unknown(id);

    private static async Task<IResult> ReplayAsync(string id, IDeadLetters letters, CancellationToken cancellation)
    {
        if (await letters.FindAsync(id, cancellation) is null)
            return Unknown(id);
        try
        {
            DeadLetterDocument replayed = await letters.ReplayAsync(id, cancellation);
            return Results.Json(replayed, WireFormat.Options, statusCode: StatusCodes.Status202Accepted);
        }
        catch (BadInputException wrong)
        {
            return Results.Problem(
                wrong.Message,
                statusCode: StatusCodes.Status409Conflict,
                title: "Not replayed",
                extensions: Code("conflict")
            );
        }
    }

    private static IResult Unknown(string id) =>
        Results.Problem(
            $"There is no dead letter '{id}'; GET /api/dead-letters lists them.",
            statusCode: StatusCodes.Status404NotFound,
            title: "No such dead letter",
            extensions: Code("not-found")
        );

    private static Dictionary<string, object?> Code(string code) => new() { ["code"] = code };
}
