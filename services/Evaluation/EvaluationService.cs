using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Evaluation.Api;
using TransferPipeline.Evaluation.Assessing;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Evaluation.Reports;
using TransferPipeline.Evaluation.Selecting;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation;

/// <summary>Scores models and writes reports; the same registration in one process or in many.</summary>
public static class EvaluationService
{
    /// <summary>Adds the handlers of <c>evaluate</c>, <c>select</c>, <c>assess</c> and <c>report</c> steps; documents must be registered too.</summary>
    public static IHostApplicationBuilder AddEvaluationService(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IClassifierOpener>(provider => new ClassifierOpener(
            provider.GetRequiredService<KeptFiles>()
        ));
        builder.Services.AddSingleton<IStepHandler, EvaluationHandler>();
        builder.Services.AddSingleton<IStepHandler, SelectionHandler>();
        builder.Services.AddSingleton(provider => new DevLabels(provider.GetRequiredService<KeptFiles>()));
        builder.Services.AddSingleton<IStepHandler, AssessmentHandler>();
        builder.Services.AddSingleton<IStepHandler, ReportHandler>();
        builder.Services.AddSingleton<ReportDesk>();
        return builder;
    }
}
