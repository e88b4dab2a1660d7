namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that makes a dataset's labels wrong or unequal. Owned by Ingestion.</summary>
public sealed record CorruptDataset(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Ingestion.</summary>
public sealed record DatasetCorrupted(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Ingestion.</summary>
public sealed record CorruptionFailed(RunId Run, StepId Step) : IStepEvent;
