using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>One model that predicts the rows of a split.</summary>
/// <param name="Name">As the scenario names it.</param>
/// <param name="Index">Which of the step's models it is.</param>
internal sealed record ScoredPart(
    string Name,
    int Index,
    int Count,
    string Folder,
    Example[] Examples,
    SplitChoice Choice,
    EvaluationSpec Spec,
    StepWork Work,
    TimeProvider Time
)
{
    private const int RowsPerCall = 1024;

    /// <summary>What a model is called that a step was given.</summary>
    public static string NameOf(StepInput input) => input.GivenAs ?? input.From?.Value ?? input.Name;

    /// <summary>How long the model took for the rows.</summary>
    public TimeSpan Predicting { get; private set; }

    /// <summary>Adds what it would have taken, had nothing been kept from before: speeds stay those of the model.</summary>
    public void Add(TimeSpan spared) => Predicting += spared;

    /// <summary>Predicts portion by portion and says how far it is.</summary>
    public List<T> Predict<T>(Func<Example[], IReadOnlyList<T>> predict)
    {
        var outputs = new List<T>(Examples.Length);
        var start = Time.GetTimestamp();
        foreach (var portion in Examples.Chunk(RowsPerCall))
        {
            Work.Stop.ThrowIfCancellationRequested();
            outputs.AddRange(predict(portion));
            PipelineMetrics.AddExamples(Work.Step.Uses, portion.Length);
            Work.Progress.Report(
                new StepProgress(
                    (Index + (double)outputs.Count / Examples.Length) / Count,
                    $"model {Index + 1} of {Count}, {outputs.Count} of {Examples.Length} texts"
                )
            );
        }
        Predicting = Time.GetElapsedTime(start);
        return outputs;
    }
}
