using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Synthesis.Synthesizing;

namespace TransferPipeline.Synthesis;

/// <summary>Registers what this service can be asked for, in whatever process it runs.</summary>
public static class SynthesisService
{
    public static IHostApplicationBuilder AddSynthesisService(this IHostApplicationBuilder builder)
    {
        builder.AddValidatedOptions<SynthesisOptions>();
        builder
            .Services.AddOptions<StepWorkerOptions>()
            .Configure<IOptions<SynthesisOptions>>(
                (worker, synthesis) => worker.Devices = ComputeDevices.Find(synthesis.Value.Devices)
            );
        builder.Services.AddSingleton<ISynthesisMethod, KMeansLabels>();
        builder.Services.AddSingleton<ISynthesisMethod, LabelSpreading>();
        builder.Services.AddSingleton<ISynthesisMethod, ClusterIds>();
        builder.Services.AddSingleton<ISynthesisMethod, KMeansRecombine>();
        builder.Services.AddSingleton<ISynthesisMethod, KMeansMaskFill>();
        builder.Services.AddSingleton<PoolReader>();
        builder.Services.AddSingleton<IStepHandler, SynthesisHandler>();
        return builder;
    }
}
