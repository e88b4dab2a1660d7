using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Orchestration.Api;
using TransferPipeline.Orchestration.Reconciling;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Orchestration.Triggers;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration;

/// <summary>Registers what turns scenarios into runs and keeps them going; needs a store and a bus.</summary>
public static class OrchestrationService
{
    public static IHostApplicationBuilder AddOrchestrationService(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OrchestrationOptions>().BindConfiguration("Orchestration");
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<CatalogueInputs>();
        builder.Services.AddSingleton<StoredOutputs>();
        builder.Services.AddSingleton<KeyBook>();
        builder.Services.AddSingleton<ModelShelf>();
        builder.Services.AddSingleton<StepSender>();
        builder.Services.AddSingleton<RunConductor>();
        builder.Services.AddSingleton<PoolOverlap>();
        builder.Services.AddSingleton<RunPlacement>();
        builder.Services.AddSingleton<Submission>();
        builder.Services.AddSingleton<CleanUp>();
        builder.Services.AddSingleton(services => new RunDesk(
            services.GetRequiredService<IDocuments<RunDocument>>(),
            services.GetRequiredService<IDocuments<StepDocument>>(),
            services.GetRequiredService<Submission>(),
            services.GetRequiredService<RunConductor>(),
            services.GetRequiredService<CleanUp>(),
            services.GetRequiredService<IOptions<OrchestrationOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RunDesk>>()
        ));
        builder.Services.AddSingleton<SubmittedInputs>();
        builder.Services.AddSingleton<RunCounter>();
        builder.Services.AddSingleton<RunStream>();
        builder.Services.AddSingleton<ArtefactShelf>();
        builder.Services.AddSingleton<IStepEventObserver>(services => services.GetRequiredService<RunConductor>());
        // After the conductor: an event that ends a run has then been followed up.
        builder.Services.AddSingleton<ScenarioShelf>();
        builder.Services.AddSingleton<Trigger>();
        builder.Services.AddSingleton<TriggerScan>();
        builder.Services.AddSingleton<IStepEventObserver>(services => services.GetRequiredService<TriggerScan>());
        builder.Services.AddSingleton<IDatasetObserver>(services => services.GetRequiredService<TriggerScan>());
        builder.Services.AddHostedService(services => services.GetRequiredService<TriggerScan>());
        builder.Services.AddHostedService(services => services.GetRequiredService<StepSender>());
        builder.Services.AddHostedService<Reconciler>();
        builder.Services.AddHostedService<StepCensus>();
        return builder;
    }
}
