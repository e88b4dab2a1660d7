using System.Diagnostics.Metrics;
using TransferPipeline.Hosting.Telemetry;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training;

/// <summary>Shows the memory of this machine's GPUs among the pipeline's metrics; nothing where there is none.</summary>
internal sealed class GpuGauge
{
    private static readonly Meter Meter = new(PipelineMetrics.Name);
    private static readonly Lazy<GpuGauge> Only = new(() => new GpuGauge(Meter, GpuMemory.Read));

    /// <summary>From here on, once for the process.</summary>
    public static void Show() => _ = Only.Value;

    internal GpuGauge(Meter meter, Func<IReadOnlyList<GpuMemory>> read) =>
        meter.CreateObservableGauge(
            "transfer.gpu.memory",
            () => read().SelectMany(Measure),
            "By",
            "Memory of each GPU: used by whomever, and in total."
        );

    private static IEnumerable<Measurement<long>> Measure(GpuMemory gpu) =>
        [Of(gpu, "used", gpu.Used), Of(gpu, "total", gpu.Total)];

    private static Measurement<long> Of(GpuMemory gpu, string what, ulong bytes) =>
        new((long)bytes, new("gpu", gpu.Number), new KeyValuePair<string, object?>("memory", what));
}
