using System.Globalization;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Training.FineTuning;

namespace TransferPipeline.Training;

/// <summary>Tells a person how a training is going.</summary>
internal sealed class StepTrainingProgress(StepWork work, RoundCheckpoint? round = null) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        PipelineMetrics.AddExamples(work.Step.Uses, value.Last.Examples);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"update {value.Update} of {value.Updates}, loss {value.Loss:0.000}"
        );
        if (round is not null)
            text = $"student {round.State.Round}, {text}";
        if (value.Score is { } score)
            text += string.Create(CultureInfo.InvariantCulture, $", dev {score:0.000}");
        work.Progress.Report(new((double)value.Update / value.Updates, text, value.Left));
    }
}
