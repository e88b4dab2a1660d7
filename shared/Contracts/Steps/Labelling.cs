namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that labels unlabelled examples by functions and votes. Owned by Augmentation.</summary>
public sealed record LabelDataset(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Augmentation.</summary>
public sealed record DatasetLabelled(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Augmentation.</summary>
public sealed record LabellingFailed(RunId Run, StepId Step) : IStepEvent;
