namespace TransferPipeline.Hosting.Steps;

/// <summary>Settles <c>precision: auto</c> when a run is handed in; a process that trains has one.</summary>
public interface IPrecisionChooser
{
    /// <summary><c>fp32</c>, or <c>bf16</c> where a measurement says that it is faster.</summary>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    string Choose(string device);
}
