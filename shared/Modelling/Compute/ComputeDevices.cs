using TransferPipeline.Contracts;
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

    /// <summary>The devices that a configuration names; <c>auto</c> stands for all that there are.</summary>
    /// <exception cref="BadInputException">One of them is not there.</exception>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> named)
    {
        // Asking libtorch takes a second, which a machine without a GPU need not wait for.
        if (named is ["cpu"] || (named is ["auto"] && !HasGpu()))
            return ["cpu"];
        var offered = Offered();
        foreach (var name in named.Where(name => name != "auto" && !offered.Contains(name)))
            throw new BadInputException($"device '{name}': expected auto or one of {string.Join(", ", offered)}");
        return [.. named.SelectMany(name => name == "auto" ? offered : [name]).Distinct()];
    }

    /// <summary>Whether there is a driver of one, NVIDIA's own or that of the Windows subsystem for Linux.</summary>
    internal static bool HasGpu() => File.Exists("/dev/nvidiactl") || File.Exists("/dev/dxg");

    /// <summary><c>cpu</c>, then each <c>cuda:N</c>.</summary>
    public static IReadOnlyList<string> Offered() => All.Value;
}
