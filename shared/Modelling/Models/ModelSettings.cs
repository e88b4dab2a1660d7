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

    /// <summary>
    /// One rate for every dropout layer that the next two do not name; null for the configuration's own. It is the
    /// training's alone: what is saved has the configuration's own.
    /// </summary>
    public double? Dropout { get; init; }

    /// <summary>The rate of the attention's weights.</summary>
    public double? AttentionDropout { get; init; }

    /// <summary>The rate before a head's output layer, also where the architecture has none.</summary>
    public double? ClassifierDropout { get; init; }

    /// <summary>Seed of weights that start new.</summary>
    public long Seed { get; init; }

    /// <summary>Draw all weights anew, whatever the checkpoint holds.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Where it computes.</summary>
    public Placement Placement { get; init; } = Placement.Processor;

    /// <summary>So many blocks nearest to the head are drawn anew (Zhang et al. 2021).</summary>
    public int NewTopBlocks { get; init; }
}
