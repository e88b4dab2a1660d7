using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;

namespace TransferPipeline.Modelling.Models;

/// <summary>How a model is opened, whatever its architecture.</summary>
public sealed record ModelSettings
{
    /// <summary>To be scored only: no dropout, nothing drawn but a head that the checkpoint lacks.</summary>
    public static ModelSettings Evaluation { get; } = new();

    /// <summary>Where dropout gets its masks; null for a model that is never trained.</summary>
    public DropoutMasks? Masks { get; init; }

    /// <summary>One rate for every dropout layer; null for the configuration's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>Seed of weights that start new.</summary>
    public long Seed { get; init; }

    /// <summary>Draw all weights anew, whatever the checkpoint holds.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Where it computes.</summary>
    public Placement Placement { get; init; } = Placement.Processor;

    /// <summary>So many blocks nearest to the head are drawn anew (Zhang et al. 2021).</summary>
    public int NewTopBlocks { get; init; }
}
