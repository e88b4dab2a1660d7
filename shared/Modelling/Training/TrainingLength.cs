namespace TransferPipeline.Modelling.Training;

/// <summary>How many updates a training makes.</summary>
public static class TrainingLength
{
    /// <summary>Below this many examples, a comparison is fair only with <see cref="FewestUpdates"/> or more.</summary>
    public const int SmallSet = 1000;

    /// <summary>Few-shot fine-tuning that stops earlier mostly measures that it stopped (Mosbach et al., 2021).</summary>
    public const int FewestUpdates = 400;

    private const int UsualEpochs = 3;

    /// <summary>The larger of both counts where both are given; three epochs where none is, and never few on a small set.</summary>
    public static long Updates(int? updates, int? epochs, int examples, int perEpoch)
    {
        if (updates is null && epochs is null)
            return Math.Max((long)UsualEpochs * perEpoch, examples < SmallSet ? FewestUpdates : 0);
        return Math.Max(updates ?? 0, (long)(epochs ?? 0) * perEpoch);
    }

    /// <summary>Whether the rule for small sets was overridden.</summary>
    public static bool IsShort(long updates, int examples) => examples < SmallSet && updates < FewestUpdates;
}
