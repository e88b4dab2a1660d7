using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>Turns texts into the rows that a baseline reads.</summary>
public interface ITextFeatures : IDisposable
{
    /// <summary>Number of features.</summary>
    int Width { get; }

    /// <summary>One row per text; no row depends on another text.</summary>
    FeatureRows Transform(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default);
}
