using Microsoft.AspNetCore.Builder;

namespace TransferPipeline.Gateway.Proxying;

/// <summary>What browsers may do with an answer; a header that the service set itself stands.</summary>
internal static class SecurityHeaders
{
    private static readonly (string Name, string Value)[] All =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cache-Control", "no-store"),
    ];

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    foreach (var (name, value) in All)
                        context.Response.Headers.TryAdd(name, value);
                    return Task.CompletedTask;
                });
                return next();
            }
        );
}
