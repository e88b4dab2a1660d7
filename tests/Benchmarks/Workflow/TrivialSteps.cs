using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Runs;

namespace TransferPipeline.Benchmarks.Workflow;

/// <summary>A step that takes its time, does nothing and gives back its dataset.</summary>
internal sealed class TrivialHandler(TimeSpan takes) : IStepHandler
{
    public StepKind Kind => StepKinds.Sample;

    public StepOutput Handle(StepWork work)
    {
        work.Stop.WaitHandle.WaitOne(takes);
        work.Stop.ThrowIfCancellationRequested();
        return new(Dataset: work.Dataset());
    }
}

internal sealed class WritesNoReport : IStepHandler
{
    public StepKind Kind => StepKinds.Report;

    public StepOutput Handle(StepWork work) => new();
}

internal sealed class AnyDataset : IInputResolver
{
    public Task<ResolvedInput> ResolveAsync(InputKind kind, string text, CancellationToken cancellation = default) =>
        Task.FromResult(
            new ResolvedInput(
                text,
                Dataset: new DatasetRef(ContentHash.Of(text), text, TaskType.Classification, ["no", "yes"], [])
            )
        );
}
