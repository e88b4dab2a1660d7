namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that trains a student from a teacher. Owned by Training.</summary>
public sealed record DistilModel(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Training.</summary>
public sealed record ModelDistilled(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Training.</summary>
public sealed record DistillingFailed(RunId Run, StepId Step) : IStepEvent;
