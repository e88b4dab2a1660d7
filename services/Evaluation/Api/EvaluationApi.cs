using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace TransferPipeline.Evaluation.Api;

/// <summary>What this service answers over HTTP.</summary>
public static class EvaluationApi
{
    /// <summary>Maps the reports below <c>/api/runs/{id}</c>.</summary>
    public static IEndpointRouteBuilder MapEvaluationApi(this IEndpointRouteBuilder endpoints)
    {
        var run = endpoints.MapGroup("/api/runs/{id}").WithTags("reports");
        foreach (var form in ReportForm.All)
            run.MapGet(
                    form.Route,
                    (HttpContext context, string id, ReportDesk desk) => desk.GiveAsync(context, id, form)
                )
                .WithSummary($"A run's report as {form.MediaType}.")
                .Produces<string>(contentType: form.MediaType);
        return endpoints;
    }
}
