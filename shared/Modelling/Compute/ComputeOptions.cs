using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Compute;

/// <summary>What libtorch may use.</summary>
/// <param name="Threads">Threads of one computation.</param>
public sealed record ComputeOptions(int Threads)
{
    /// <summary>All processors of this machine.</summary>
    public static ComputeOptions AllProcessors { get; } = new(Environment.ProcessorCount);

    /// <summary>Where models are opened.</summary>
    public Placement Placement { get; init; } = Placement.Processor;

    /// <summary>How a model that is to be scored is opened.</summary>
    internal ModelSettings Evaluation => new() { Placement = Placement };

    [ThreadStatic]
    private static int _applied;

    private static readonly Lazy<bool> LibrariesReady = new(CallOnce);

    /// <summary>Makes them hold for the calling thread: OpenMP keeps its number of threads per thread.</summary>
    /// <remarks>Also where the number is the one already in force: being told it stops MKL from choosing a smaller one.</remarks>
    public void Apply()
    {
        TorchLibrary.Load();
        if (_applied == Threads)
            return;
        _ = LibrariesReady.Value;
        // A thread takes over what any other thread asked for last when it first computes: let it do so before it is told.
        _ = get_num_threads();
        set_num_threads(Threads);
        _applied = Threads;
    }

    // libtorch and MKL choose their code for this processor when a function is first called. Where threads made their first
    // calls at the same moment, products were seen to differ in their last bits (in two of some 2,000 processes, never in later
    // calls): the first ones are made by one thread alone.
    private static bool CallOnce()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var matrix = ones(16, 16);
        var stack = ones(2, 16, 16);
        _ = matrix.mm(matrix).t().mm(matrix).mm(matrix.t());
        _ = stack.bmm(stack.transpose(1, 2));
        _ = matrix.tanh().exp().softmax(dim: 1);
        return true;
    }
}
