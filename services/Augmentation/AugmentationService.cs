using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Augmentation.Labelling;
using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Augmentation.Rewriting;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Augmentation;

/// <summary>Labels by rules and statistics, and text by edits; the same registration in one process or in many.</summary>
public static class AugmentationService
{
    /// <summary>Adds the handlers of <c>label</c> and <c>rewrite</c> steps.</summary>
    public static IHostApplicationBuilder AddAugmentationService(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ILabelModel, MajorityVote>();
        builder.Services.AddSingleton<ILabelModel, WeightedVote>();
        builder.Services.AddSingleton<ILabelModel, DawidSkene>();
        builder.Services.AddSingleton<ILabelModel, TripletMethod>();
        builder.Services.AddSingleton<ILabelModel, MatrixCompletion>();
        builder.Services.AddSingleton<IModelOpener, ModelOpener>();
        builder.Services.AddSingleton<IStepHandler, LabelHandler>();
        builder.Services.AddSingleton<IStepHandler, RewriteHandler>();
        return builder;
    }
}
