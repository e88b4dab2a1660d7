using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training;

/// <summary>Measures once for each kind of device: no flag of a processor tells whether bfloat16 is faster on it.</summary>
internal sealed class TrainingPlace(IOptions<TrainingOptions> options) : ITrainingPlace
{
    private readonly Dictionary<string, string> _faster = [];

    public IReadOnlyList<string> Devices => ComputeDevices.Find(options.Value.Devices);

    public string FasterPrecision(string device)
    {
        lock (_faster)
        {
            if (_faster.TryGetValue(device, out var faster))
                return faster;
            new Placement(device).Check();
            var compute = new ComputeOptions(options.Value.ThreadsOrCores) { Placement = new(device) };
            return _faster[device] = PrecisionMeasurement.Faster(compute);
        }
    }
}
