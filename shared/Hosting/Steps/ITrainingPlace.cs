namespace TransferPipeline.Hosting.Steps;

/// <summary>
/// What a process that trains knows of itself when a run is handed in to it; one that only orchestrates has none, and
/// leaves steps to whichever worker offers what they ask for.
/// </summary>
public interface ITrainingPlace
{
    /// <summary>What is trained on here: <c>cpu</c>, <c>cuda:0</c>, …</summary>
    IReadOnlyList<string> Devices { get; }

    /// <summary>Whether a device of that kind, <c>cpu</c> or <c>cuda</c>, is among them.</summary>
    bool Has(string kind) => Devices.Any(device => DeviceKind.Of(device) == kind);

    /// <summary>Settles <c>precision: auto</c>: <c>fp32</c>, or <c>bf16</c> where a measurement says that it is faster.</summary>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    string FasterPrecision(string device);
}
