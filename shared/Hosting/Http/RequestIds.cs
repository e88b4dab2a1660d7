using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TransferPipeline.Hosting.Http;

/// <summary>Names each request: in the answer, in the logs' scope and in problem documents.</summary>
public static class RequestIds
{
    /// <summary>The header that brings an id and gives it back.</summary>
    public const string Header = "X-Request-Id";

    private const int Longest = 64;

    /// <summary>Takes the caller's id where it is short and plain, else makes one.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("TransferPipeline.Api");
        return app.Use(
            async (context, next) =>
            {
                var given = context.Request.Headers[Header].ToString();
                context.TraceIdentifier = IsPlain(given)
                    ? given
                    : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
                Echo(context);
                using var scope = log.BeginScope(
                    new Dictionary<string, object> { ["RequestId"] = context.TraceIdentifier }
                );
                await next(context);
            }
        );
    }

    /// <summary>Writes the request's id into the answer, over what stands there.</summary>
    public static void Echo(HttpContext context) => context.Response.Headers[Header] = context.TraceIdentifier;

    private static bool IsPlain(string id) =>
        id.Length is > 0 and <= Longest
        && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
