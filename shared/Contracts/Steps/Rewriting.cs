namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that adds edited copies of labelled examples. Owned by Augmentation.</summary>
public sealed record RewriteDataset(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Augmentation.</summary>
public sealed record DatasetRewritten(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Augmentation.</summary>
public sealed record RewritingFailed(RunId Run, StepId Step) : IStepEvent;
