using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;

namespace TransferPipeline.Gateway.Admitting;

/// <summary>So many requests per key and minute; those without a known key share the allowance of their address.</summary>
internal static class RateLimits
{
    // Tokens come in tenths of the smallest rate's second, so that a wait is short.
    private const double Tick = 0.1;

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter => limiter.OnRejected = RejectAsync);
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<ApiKeys, IOptions<GatewayOptions>>(
                (limiter, keys, options) =>
                    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                        AccessRules.Concern(context.Request.Path)
                            ? RateLimitPartition.GetTokenBucketLimiter(Who(context, keys), _ => Bucket(options.Value))
                            : RateLimitPartition.GetNoLimiter("")
                    )
            );
    }

    private static string Who(HttpContext context, ApiKeys keys) =>
        keys.Identify(context) is { } caller ? "key " + caller.Name : "address " + context.Connection.RemoteIpAddress;

    private static TokenBucketRateLimiterOptions Bucket(GatewayOptions options)
    {
        var period = Math.Max(Tick, 60.0 / options.RequestsPerMinute);
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            ReplenishmentPeriod = TimeSpan.FromSeconds(period),
            TokensPerPeriod = Math.Max(1, (int)Math.Round(options.RequestsPerMinute * period / 60)),
            QueueLimit = 0,
        };
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellation)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after.TotalSeconds : 1;
        var seconds = Math.Max(1, (int)Math.Ceiling(wait));
        rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await ApiProblems.WriteAsync(
            rejected.HttpContext,
            StatusCodes.Status429TooManyRequests,
            "rate-limited",
            $"There were too many requests; expected the next in {seconds} s."
        );
    }
}
