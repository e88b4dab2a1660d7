namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that writes a run's report. Owned by Evaluation.</summary>
public sealed record WriteReport(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Evaluation.</summary>
public sealed record ReportWritten(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Evaluation.</summary>
public sealed record ReportingFailed(RunId Run, StepId Step) : IStepEvent;
