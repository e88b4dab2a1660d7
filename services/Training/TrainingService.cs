using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Training.Api;
using TransferPipeline.Training.Baselines;
using TransferPipeline.Training.Cleaning;
using TransferPipeline.Training.Distilling;
using TransferPipeline.Training.FineTuning;
using TransferPipeline.Training.Importing;
using TransferPipeline.Training.Pretraining;

namespace TransferPipeline.Training;

/// <summary>Registers what this service can be asked for, in whatever process it runs.</summary>
public static class TrainingService
{
    private static readonly string[] Trainings =
    [
        StepKinds.Pretrain.Uses,
        StepKinds.Distil.Uses,
        StepKinds.FineTune.Uses,
    ];

    public static IHostApplicationBuilder AddTrainingService(this IHostApplicationBuilder builder)
    {
        GpuGauge.Show();
        builder.AddValidatedOptions<TrainingOptions>();
        builder
            .Services.AddOptions<StepWorkerOptions>()
            .Configure<IOptions<TrainingOptions>>(
                (worker, training) =>
                {
                    worker.Devices = ComputeDevices.Find(training.Value.Devices);
                    worker.Pools = [.. worker.Pools, new(Trainings, training.Value.Slots)];
                }
            );
        builder.Services.AddSingleton<ITrainingPlace, TrainingPlace>();
        builder.Services.AddSingleton<ModelImporter>();
        builder.Services.AddSingleton<ModelUpload>();
        builder.Services.AddSingleton<ModelCatalogue>();
        builder.Services.AddSingleton<IFineTuningStrategy, AllWeights>();
        builder.Services.AddSingleton<IFineTuningStrategy, FrozenFeatures>();
        builder.Services.AddSingleton<IFineTuningStrategy, Prompted>();
        builder.Services.AddSingleton<IFineTuningStrategy, Contrastive>();
        builder.Services.AddSingleton<IFineTuningStrategy, SelfTraining>();
        builder.Services.AddSingleton<IFineTuningStrategy, UncertaintyAware>();
        builder.Services.AddSingleton<IFineTuningStrategy, ConsistencyTraining>();
        builder.Services.AddSingleton<IPretrainingObjective, MaskedObjective>();
        builder.Services.AddSingleton<IPretrainingObjective, MaskedAndNextObjective>();
        builder.Services.AddSingleton<IPretrainingObjective, CausalObjective>();
        builder.Services.AddSingleton<IStepHandler, FineTuningHandler>();
        builder.Services.AddSingleton<IStepHandler, PretrainingHandler>();
        builder.Services.AddSingleton<IDistillation, MaskedDistillation>();
        builder.Services.AddSingleton<IDistillation, ClassifierDistillation>();
        builder.Services.AddSingleton<IStepHandler, DistillationHandler>();
        builder.Services.AddSingleton<IStepHandler, BaselineHandler>();
        builder.Services.AddSingleton<IStepHandler, CleaningHandler>();
        return builder;
    }
}
