namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that looks for wrong labels. Owned by Training.</summary>
public sealed record CleanLabels(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Training.</summary>
public sealed record LabelsCleaned(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Training.</summary>
public sealed record CleaningFailed(RunId Run, StepId Step) : IStepEvent;
