using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TransferPipeline.Hosting.Http;
using Yarp.ReverseProxy.Forwarder;

namespace TransferPipeline.Gateway.Proxying;

/// <summary>Answers what could not be forwarded by a problem document.</summary>
internal static class ForwardingFaults
{
    public static void UseForwardingFaults(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                await next(context);
                if (!context.Response.HasStarted && context.Features.Get<IForwarderErrorFeature>() is { } fault)
                    throw Problem(context, fault);
            }
        );

    private static Exception Problem(HttpContext context, IForwarderErrorFeature fault) =>
        fault switch
        {
            // Wrong on the caller's side: too large, cut off.
            { Exception: BadHttpRequestException wrong } => wrong,
            { Exception: { InnerException: BadHttpRequestException wrong } } => wrong,
            { Error: ForwarderError.RequestBodyClient } => new ApiProblemException(
                StatusCodes.Status400BadRequest,
                "cut-off",
                "The body ended before it was complete; nothing was stored."
            ),
            { Error: ForwarderError.NoAvailableDestinations } => Away("is not ready", fault),
            { Error: ForwarderError.RequestTimedOut } => new ApiProblemException(
                StatusCodes.Status504GatewayTimeout,
                "service-timeout",
                "The service behind this address did not answer in time.",
                cause: fault.Exception
            ),
            _ => Away("did not answer", fault),
        };

    private static ApiProblemException Away(string what, IForwarderErrorFeature fault) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "service-unavailable",
            $"The service behind this address {what}; try again in a moment.",
            cause: fault.Exception
        );
}
