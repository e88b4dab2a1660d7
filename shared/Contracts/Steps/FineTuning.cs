namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that fine-tunes a model. Owned by Training.</summary>
public sealed record FineTuneModel(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Training.</summary>
public sealed record ModelFineTuned(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Training.</summary>
public sealed record FineTuningFailed(RunId Run, StepId Step) : IStepEvent;
