using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Hosting.Steps;

/// <summary>Does the work of one kind of step; knows no bus, no lease and no claim.</summary>
public interface IStepHandler
{
    StepKind Kind { get; }

    /// <summary>
    /// Computes the step's output. The runtime calls it on a thread of its own, so it may block.
    /// When <see cref="StepWork.Stop"/> fires it writes a checkpoint where it can and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    /// <exception cref="TransferPipeline.Contracts.BadInputException">A permanent error: no retry.</exception>
    StepOutput Handle(StepWork work);
}
