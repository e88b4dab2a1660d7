using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Training;

/// <summary>What a training may use of this machine.</summary>
public sealed class TrainingOptions
{
    /// <summary>Threads of one training; 0 for one per core. Recorded in the card: another count may round otherwise.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    internal int ThreadsOrCores => Threads == 0 ? Environment.ProcessorCount : Threads;
}
