using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Hosting.Http;

/// <summary>Turns every error, thrown or by status alone, into a problem document.</summary>
public static class ProblemAnswers
{
    /// <summary>Everything added after this is answered so.</summary>
    public static IApplicationBuilder UseProblemAnswers(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("TransferPipeline.Api");
        return app.Use((context, next) => AnswerAsync(context, next, log));
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await AnswerBareStatusAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone, perhaps in the middle of its body; there is nobody to answer.
            log.LogInformation("The caller of {Method} {Path} went away", context.Request.Method, context.Request.Path);
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var problem = ApiFaults.Of(fault);
            if (problem.Status >= 500)
                log.LogError(fault, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            context.Response.Clear();
            RequestIds.Echo(context);
            if (problem.Status is 503 or 429)
                context.Response.Headers.RetryAfter = "1";
            if (problem.Status is 401)
                context.Response.Headers.WWWAuthenticate = "Bearer";
            await ApiProblems.WriteAsync(context, problem.Status, problem.Code, problem.Message, problem.Problems);
        }
    }

    private static Task AnswerBareStatusAsync(HttpContext context) =>
        context.Response.StatusCode switch
        {
            404 => ApiProblems.WriteAsync(context, 404, "not-found", $"There is nothing at {context.Request.Path}."),
            405 => ApiProblems.WriteAsync(
                context,
                405,
                "method-not-allowed",
                $"{context.Request.Method} is not possible there; expected {context.Response.Headers.Allow}."
            ),
            415 => ApiProblems.WriteAsync(context, 415, "unsupported-media-type", "Expected another content type."),
            var status => ApiProblems.WriteAsync(context, status, "refused", "The request was refused."),
        };
}
