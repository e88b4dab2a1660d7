namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that trains a baseline. Owned by Training.</summary>
public sealed record TrainBaseline(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Training.</summary>
public sealed record BaselineTrained(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Training.</summary>
public sealed record BaselineTrainingFailed(RunId Run, StepId Step) : IStepEvent;
