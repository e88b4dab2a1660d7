namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that chooses among models. Owned by Evaluation.</summary>
public sealed record SelectModel(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Evaluation.</summary>
public sealed record ModelSelected(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Evaluation.</summary>
public sealed record SelectionFailed(RunId Run, StepId Step) : IStepEvent;
