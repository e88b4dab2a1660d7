using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Ingestion.Api;
using TransferPipeline.Ingestion.Corrupting;
using TransferPipeline.Ingestion.Importing;
using TransferPipeline.Ingestion.Inbox;
using TransferPipeline.Ingestion.Sampling;

namespace TransferPipeline.Ingestion;

/// <summary>What this service can be asked.</summary>
public static class IngestionService
{
    /// <summary>Registers the importer and the handlers of <c>sample</c> and <c>corrupt</c>; the host registers the store.</summary>
    public static IHostApplicationBuilder AddIngestionService(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatasetAnnouncer>();
        builder.Services.AddSingleton<DatasetImporter>();
        builder.Services.AddSingleton<IStepHandler, SampleHandler>();
        builder.Services.AddSingleton<IStepHandler, CorruptHandler>();
        builder.Services.AddSingleton<DatasetUpload>();
        builder.Services.AddSingleton<DatasetShelf>();
        return builder;
    }

    /// <summary>Watches the folder that section <c>Inbox</c> of the configuration names, if it names one.</summary>
    public static IHostApplicationBuilder AddInbox(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<InboxOptions>();
        builder.Services.AddSingleton<InboxFolder>();
        builder.Services.AddHostedService<InboxWatch>();
        return builder;
    }
}
