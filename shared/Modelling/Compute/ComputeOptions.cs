using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>What libtorch may use.</summary>
/// <param name="Threads">Threads of one computation.</param>
public sealed record ComputeOptions(int Threads)
{
    /// <summary>All processors of this machine.</summary>
    public static ComputeOptions AllProcessors { get; } = new(Environment.ProcessorCount);

    /// <summary>Makes them hold for the calling thread: OpenMP keeps its number of threads per thread.</summary>
    public void Apply()
    {
        TorchLibrary.Load();
        if (get_num_threads() != Threads)
            set_num_threads(Threads);
    }
}
