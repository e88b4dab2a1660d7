using TorchSharp;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_two_threads_compute_side_by_side
{
    [Fact]
    public void Each_keeps_the_number_of_threads_that_it_was_told()
    {
        using var told = new ManualResetEventSlim();
        using var otherTold = new ManualResetEventSlim();
        var mine = 0;
        var thread = new Thread(() =>
        {
            new ComputeOptions(1).Apply();
            told.Set();
            otherTold.Wait();
            mine = torch.get_num_threads();
        });
        thread.Start();
        told.Wait();
        var other = new Thread(() => new ComputeOptions(3).Apply());
        other.Start();
        other.Join();
        otherTold.Set();
        thread.Join();

        Assert.Equal(1, mine);
    }
}
