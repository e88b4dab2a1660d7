using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>On which device and in which precision a run's networks are computed: settled when it is handed in.</summary>
internal sealed class RunPlacement(ITrainingPlace? place = null)
{
    /// <summary>The precision of whatever is computed on the processor alone.</summary>
    public const string Exact = "fp32";

    private static string Processor => StepDevice.Known[0];

    /// <summary>The request with a precision that holds.</summary>
    /// <exception cref="BadInputException">Device or precision is none, or cannot be settled here.</exception>
    public RunRequest Settled(RunRequest request) =>
        StepDevice.Known.Contains(request.Device)
            ? request with
            {
                Precision = Precision(request),
            }
            : throw new BadInputException(
                $"device '{request.Device}': expected {string.Join(" or ", StepDevice.Known)}"
            );

    /// <summary>Refuses what would wait for ever: a device that is not here, where no other process may yet bring it.</summary>
    public void Check(UnrolledScenario scenario, RunRequest request)
    {
        foreach (var kind in scenario.Steps.Select(step => DeviceOf(step, request)).Distinct())
            if (kind != Processor && place?.Has(kind) == false)
                throw new BadInputException(
                    $"device '{kind}': expected {string.Join(" or ", place.Devices)}, which is all that is found here"
                );
    }

    public static string DeviceOf(UnrolledStep step, RunRequest request) =>
        IsOnDevice(step) ? step.Device ?? request.Device : Processor;

    public static string PrecisionOf(UnrolledStep step, RunRequest request) =>
        IsOnDevice(step) ? request.Precision : Exact;

    private string Precision(RunRequest request) =>
        request.Precision switch
        {
            Exact or "bf16" => request.Precision,
            "auto" when place is not null => place.FasterPrecision(request.Device),
            "auto" => throw new BadInputException(
                "precision 'auto': is measured where the run is handed in, and nothing is trained there; expected fp32 or bf16"
            ),
            _ => throw new BadInputException($"precision '{request.Precision}': expected fp32, bf16 or auto"),
        };

    /// <summary>Only these move a model to a device; a step that names one it does not use would wait for nothing.</summary>
    private static bool IsOnDevice(UnrolledStep step) =>
        step.Kind.OnDevice
        && (step.Kind != StepKinds.Baseline || step.Inputs.Any(input => input.Kind == InputKind.Model));
}
