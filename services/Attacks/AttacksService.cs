using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace TransferPipeline.Attacks;

/// <summary>What this service can be asked.</summary>
public static class AttacksService
{
    /// <summary>Registers the handler of <c>attack</c>; the host registers the store.</summary>
    public static IHostApplicationBuilder AddAttacksService(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        return builder;
    }
}
