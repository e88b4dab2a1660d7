namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that scores labels which another step gave. Owned by Evaluation.</summary>
public sealed record AssessLabels(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Evaluation.</summary>
public sealed record LabelsAssessed(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Evaluation.</summary>
public sealed record AssessmentFailed(RunId Run, StepId Step) : IStepEvent;
