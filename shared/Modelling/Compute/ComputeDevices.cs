using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>What libtorch can compute on here.</summary>
public static class ComputeDevices
{
    private static readonly Lazy<IReadOnlyList<string>> All = new(() =>
    {
        TorchLibrary.Load();
        return cuda.is_available()
            ? ["cpu", .. Enumerable.Range(0, cuda.device_count()).Select(number => $"cuda:{number}")]
            : ["cpu"];
    });

    /// <summary><c>cpu</c>, then each <c>cuda:N</c>.</summary>
    public static IReadOnlyList<string> Offered() => All.Value;
}
