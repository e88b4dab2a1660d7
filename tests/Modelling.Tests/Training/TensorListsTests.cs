using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_lists_of_tensors_are_computed_with
{
    [Fact]
    public void Numbers_are_read_right_however_often_memory_is_collected()
    {
        using var scope = NewDisposeScope();
        using var lists = new TensorLists();
        Tensor[] averages = [zeros(3), zeros(2)];
        Tensor[] values = [ones(3), ones(2)];
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            for (var i = 0; i < 20_000; i++)
                lists.Average(averages, values, 0.5);
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }

        Assert.Equal(1, averages[1].mean().item<float>());
    }
}
