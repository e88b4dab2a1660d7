using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage;

namespace TransferPipeline.Hosting;

/// <summary>The store of a process, as section <c>Storage</c> of the configuration says.</summary>
public static class PipelineStorage
{
    /// <summary>Registers documents and artefacts.</summary>
    public static IHostApplicationBuilder AddPipelineStorage(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<PipelineStorageOptions>();
        var options = Read(builder);
        if (options.Kind == StorageKind.Mongo)
            builder.Services.AddMongoStorage(options.ReadConnection(), Path.Combine(options.Home, "copies"));
        else
            builder.Services.AddEmbeddedStorage(options.Home);
        return builder;
    }

    /// <summary>Registers store, bus and the worker that does the steps whose handlers are registered.</summary>
    public static IHostApplicationBuilder AddPipelineWorker(this IHostApplicationBuilder builder)
    {
        builder.AddPipelineStorage();
        builder.Services.AddPipelineBus(builder.Configuration);
        // Before the worker binds its own section, so that a folder named there stands.
        builder.Services.Configure<StepWorkerOptions>(worker =>
            worker.Scratch = Path.Combine(Read(builder).Home, "scratch")
        );
        builder.Services.AddStepWorker();
        return builder;
    }

    private static PipelineStorageOptions Read(IHostApplicationBuilder builder) =>
        builder.Configuration.GetSection("Storage").Get<PipelineStorageOptions>() ?? new PipelineStorageOptions();
}
