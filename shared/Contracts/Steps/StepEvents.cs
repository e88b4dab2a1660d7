namespace TransferPipeline.Contracts.Steps;

/// <summary>A wake-up that tells a service of one step; the step's document holds what to do.</summary>
public interface IStepCommand
{
    StepId Step { get; }
    RunId Run { get; }
}

/// <summary>A wake-up that tells Orchestration that a step came to an end; its document holds the result.</summary>
public interface IStepEvent
{
    StepId Step { get; }
    RunId Run { get; }
}
