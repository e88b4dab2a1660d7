using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Synthesis;

/// <summary>What a synthesis may use of this machine.</summary>
public sealed class SynthesisOptions
{
    /// <summary>Threads of one step; 0 for one per core. Clusters do not depend on them; embeddings may round otherwise.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// What it embeds texts on: <c>cpu</c>, <c>cuda:N</c>, or <c>auto</c> for all that there is. In one process with
    /// trainings, their devices are taken.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Devices { get; set; } = ["auto"];

    internal int ThreadsOrCores => Threads == 0 ? Environment.ProcessorCount : Threads;
}
