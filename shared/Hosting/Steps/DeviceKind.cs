namespace TransferPipeline.Hosting.Steps;

/// <summary>What a step asks for of the device of a worker.</summary>
public static class DeviceKind
{
    /// <summary><c>cuda</c> of <c>cuda:1</c>.</summary>
    public static string Of(string device) => device.Split(':')[0];
}
