using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>Turns texts into the rows that a baseline reads.</summary>
public interface ITextFeatures : IDisposable
{
    /// <summary>Number of features.</summary>
    int Width { get; }

    /// <summary>One row per text; no row depends on another text.</summary>
    FeatureRows Transform(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default);

    /// <summary>How much longer rows would have taken without what was kept from before.</summary>
    TimeSpan Spared => TimeSpan.Zero;

    /// <summary>How many tokens of each text are not read, as it is too long; none where all of a text is.</summary>
    IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => new int[texts.Count];
}
