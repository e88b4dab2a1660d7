using System.Diagnostics.Metrics;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Training.Tests;

public sealed class When_the_memory_of_GPUs_is_shown
{
    [Fact]
    public void Each_tells_what_is_used_and_what_there_is()
    {
        using var meter = new Meter("two GPUs");
        _ = new GpuGauge(meter, () => [new GpuMemory(0, 5, 80), new GpuMemory(1, 7, 140)]);

        Assert.Equal([("0", "total", 80), ("0", "used", 5), ("1", "total", 140), ("1", "used", 7)], Listen(meter));
    }

    [Fact]
    public void Without_one_there_is_nothing_to_tell()
    {
        using var meter = new Meter("no GPU");
        _ = new GpuGauge(meter, () => []);

        Assert.Empty(Listen(meter));
    }

    [Fact]
    public void This_machine_can_be_asked_whether_it_has_one_or_not()
    {
        var gpus = ComputeDevices.Offered().Count(device => device.StartsWith("cuda:", StringComparison.Ordinal));

        Assert.True(GpuMemory.Read().Count >= gpus);
        Assert.All(GpuMemory.Read(), gpu => Assert.InRange(gpu.Used, 0ul, gpu.Total));
    }

    private static List<(string Gpu, string Memory, long Bytes)> Listen(Meter meter)
    {
        var heard = new List<(string, string, long)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter == meter)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, bytes, tags, _) =>
            {
                var by = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value!.ToString()!);
                heard.Add((by["gpu"], by["memory"], bytes));
            }
        );
        listener.Start();
        listener.RecordObservableInstruments();
        heard.Sort();
        return heard;
    }
}
