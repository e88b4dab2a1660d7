using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Ingestion.Sampling;

namespace TransferPipeline.Ingestion;

/// <summary>What this service can be asked.</summary>
public static class IngestionService
{
    /// <summary>Registers the importer and the handler of <c>sample</c>; the host registers the store.</summary>
    public static IHostApplicationBuilder AddIngestionService(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatasetAnnouncer>();
        builder.Services.AddSingleton<DatasetImporter>();
        builder.Services.AddSingleton<IStepHandler, SampleHandler>();
        return builder;
    }
}
