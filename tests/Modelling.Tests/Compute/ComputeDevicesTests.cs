using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_a_configuration_names_devices
{
    [Fact]
    public void Auto_stands_for_all_that_there_are()
    {
        Assert.Equal(ComputeDevices.Offered(), ComputeDevices.Find(["auto"]));
        Assert.Equal(ComputeDevices.Offered(), ComputeDevices.Find(["cpu", "auto"]));
        Assert.Equal(["cpu"], ComputeDevices.Find(["cpu"]));
    }

    [Fact]
    public void One_that_is_not_there_is_refused_by_name()
    {
        var refused = Assert.Throws<BadInputException>(() => ComputeDevices.Find(["cpu", "cuda:99"]));

        Assert.StartsWith("device 'cuda:99': expected auto or one of cpu", refused.Message);
    }
}

public sealed class When_a_precision_is_measured
{
    [Fact]
    public void One_of_the_two_is_found() =>
        Assert.Contains(PrecisionMeasurement.Faster(new ComputeOptions(1)), Placement.Precisions);
}
