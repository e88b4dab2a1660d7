namespace TransferPipeline.Contracts.Steps;

/// <summary>Asks for one step that makes labelled examples of unlabelled text. Owned by Synthesis.</summary>
public sealed record SynthesizeExamples(RunId Run, StepId Step) : IStepCommand;

/// <summary>Reports that such a step's result is stored. Owned by Synthesis.</summary>
public sealed record ExamplesSynthesized(RunId Run, StepId Step) : IStepEvent;

/// <summary>Reports that such a step has failed for good or waits for its next attempt. Owned by Synthesis.</summary>
public sealed record SynthesisFailed(RunId Run, StepId Step) : IStepEvent;
