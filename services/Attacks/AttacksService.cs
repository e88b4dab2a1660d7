using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Attacks.Importing;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Attacks;

/// <summary>What this service can be asked.</summary>
public static class AttacksService
{
    /// <summary>Registers the handler of <c>attack</c> and the importer of packs; the host registers the store.</summary>
    public static IHostApplicationBuilder AddAttacksService(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<LexiconImporter>();
        builder.Services.AddSingleton<IStepHandler, AttackHandler>();
        return builder;
    }
}
