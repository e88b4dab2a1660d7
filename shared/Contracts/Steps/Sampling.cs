namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that samples a dataset. Owned by Ingestion.</summary>
public sealed record SampleDataset(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Ingestion.</summary>
public sealed record DatasetSampled(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Ingestion.</summary>
public sealed record SamplingFailed(RunId Run, StepId Step) : IStepEvent;
