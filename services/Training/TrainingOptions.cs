using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Training;

/// <summary>What a training may use of this machine.</summary>
public sealed class TrainingOptions
{
    /// <summary>Threads of one training; 0 for one per core. Recorded in the card: another count may round otherwise.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// What it trains on, one training at a time on each: <c>cpu</c>, <c>cuda:N</c>, or <c>auto</c> for all that there is.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Devices { get; set; } = ["auto"];

    internal int ThreadsOrCores => Threads == 0 ? Environment.ProcessorCount : Threads;
}
