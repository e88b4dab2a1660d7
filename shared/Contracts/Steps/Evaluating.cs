namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that scores models. Owned by Evaluation.</summary>
public sealed record EvaluateModel(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Evaluation.</summary>
public sealed record ModelEvaluated(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Evaluation.</summary>
public sealed record EvaluationFailed(RunId Run, StepId Step) : IStepEvent;
