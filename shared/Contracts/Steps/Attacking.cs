namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that attacks a model. Owned by Attacks.</summary>
public sealed record AttackModel(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Attacks.</summary>
public sealed record ModelAttacked(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Attacks.</summary>
public sealed record AttackFailed(RunId Run, StepId Step) : IStepEvent;
