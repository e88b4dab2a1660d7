using System.Runtime.InteropServices;

namespace TransferPipeline.Modelling.Compute;

/// <summary>Memory of one GPU, whoever uses it.</summary>
/// <param name="Number">As NVIDIA's management library counts the GPUs of the machine.</param>
/// <param name="Used">Bytes.</param>
/// <param name="Total">Bytes.</param>
public sealed record GpuMemory(int Number, ulong Used, ulong Total)
{
    // Its name since the first release of the library; the driver brings it.
    private const string Library = "libnvidia-ml.so.1";
    private const int Success = 0;

    private static readonly Lazy<bool> IsThere = new(Begin);

    /// <summary>What each GPU of this machine holds now; empty where there is none, or no driver that could say.</summary>
    public static IReadOnlyList<GpuMemory> Read()
    {
        if (!IsThere.Value || CountDevices(out var count) != Success)
            return [];
        var found = new List<GpuMemory>();
        for (var number = 0; number < count; number++)
            if (FindDevice((uint)number, out var device) == Success && AskMemory(device, out var memory) == Success)
                found.Add(new(number, memory.Used, memory.Total));
        return found;
    }

    private static bool Begin()
    {
        if (!ComputeDevices.HasGpu())
            return false;
        try
        {
            return Start() == Success;
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport(Library, EntryPoint = "nvmlInit_v2")]
    private static extern int Start();

    [DllImport(Library, EntryPoint = "nvmlDeviceGetCount_v2")]
    private static extern int CountDevices(out uint count);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetHandleByIndex_v2")]
    private static extern int FindDevice(uint number, out nint device);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    private static extern int AskMemory(nint device, out Memory memory);

    /// <summary><c>nvmlMemory_t</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Memory
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }
}
