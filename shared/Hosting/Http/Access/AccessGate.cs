using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace TransferPipeline.Hosting.Http.Access;

/// <summary>Lets nobody through to <c>/api</c> who is not known, or whose role does not suffice.</summary>
public static class AccessGate
{
    /// <summary>Callers are known by their API keys.</summary>
    public static IHostApplicationBuilder AddApiKeys(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<AccessOptions>();
        builder.Services.TryAddSingleton<ApiKeys>();
        builder.Services.AddSingleton<ICallerCheck>(services => services.GetRequiredService<ApiKeys>());
        return builder;
    }

    /// <summary>Callers are those that bring the internal key: the gateway.</summary>
    public static IHostApplicationBuilder AddInternalKey(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<InternalOptions>();
        builder.Services.AddSingleton<ICallerCheck, InternalKey>();
        return builder;
    }

    /// <summary>Checks every request to <c>/api</c> that comes after this.</summary>
    public static IApplicationBuilder UseAccessGate(this IApplicationBuilder app)
    {
        var check = app.ApplicationServices.GetRequiredService<ICallerCheck>();
        return app.Use(
            (context, next) =>
            {
                if (AccessRules.Concern(context.Request.Path))
                    Admit(context, check.Identify(context));
                return next(context);
            }
        );
    }

    private static void Admit(HttpContext context, Caller? caller)
    {
        if (caller is null)
            throw new ApiProblemException(
                StatusCodes.Status401Unauthorized,
                "unauthenticated",
                "The request brings no key that is known here; expected 'Authorization: Bearer' and an API key."
            );
        var needed = AccessRules.Needed(context.Request.Method, context.Request.Path);
        if (caller.Role < needed)
            throw new ApiProblemException(
                StatusCodes.Status403Forbidden,
                "forbidden",
                $"{caller.Name} is {Word(caller.Role)}; expected {Word(needed)} for this."
            );
        context.Features.Set(caller);
    }

    private static string Word(AccessRole role) => role.ToString().ToLowerInvariant();
}
