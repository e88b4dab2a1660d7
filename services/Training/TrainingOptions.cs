using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Training;

/// <summary>What a training may use of this machine.</summary>
public sealed class TrainingOptions
{
    /// <summary>Threads of one training; 0 for one per core. Recorded in the card: another count may round otherwise.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>
    /// What it trains on: <c>cpu</c>, <c>cuda:N</c>, or <c>auto</c> for all that there is.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Devices { get; set; } = ["auto"];

    /// <summary>
    /// Trainings at a time on each device. On a processor one uses every core already; two with half the threads each (see
    /// <see cref="Threads"/>) suit small batches, several suit a GPU that one does not fill.
    /// </summary>
    [Range(1, 64)]
    public int Slots { get; set; } = 1;

    internal int ThreadsOrCores => Threads == 0 ? Environment.ProcessorCount : Threads;
}
