namespace TransferPipeline.Modelling.Baselines;

/// <summary>A fitted baseline: gives a row of features a probability for each class.</summary>
public interface IBaselineModel
{
    /// <summary>Probabilities of all classes; they sum to 1.</summary>
    float[] Probabilities(FeatureRows rows, int row);
}
