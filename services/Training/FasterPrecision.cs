using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training;

/// <summary>Measures once for each kind of device: no flag of a processor tells whether bfloat16 is faster on it.</summary>
internal sealed class FasterPrecision(IOptions<TrainingOptions> options) : IPrecisionChooser
{
    private readonly Dictionary<string, string> _chosen = [];

    public string Choose(string device)
    {
        lock (_chosen)
        {
            if (_chosen.TryGetValue(device, out var chosen))
                return chosen;
            new Placement(device).Check();
            var compute = new ComputeOptions(options.Value.ThreadsOrCores) { Placement = new(device) };
            return _chosen[device] = PrecisionMeasurement.Faster(compute);
        }
    }
}
