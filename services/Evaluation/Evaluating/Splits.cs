using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The rows behind a reference.</summary>
internal static class Splits
{
    public static IEnumerable<Example> Read(SplitRef split, StepWork work) =>
        SplitReader.Read(work.Artefacts.GetFileAsync(split.Content, work.Stop).GetAwaiter().GetResult());
}
