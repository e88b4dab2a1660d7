namespace TransferPipeline.Modelling.Baselines;

/// <summary>Gives every text the shares of the labels in the training rows, and so always predicts the commonest label.</summary>
/// <param name="Shares">One per class.</param>
public sealed record Majority(double[] Shares) : IBaselineModel
{
    public static Majority Fit(LabelledRows data)
    {
        var shares = new double[data.Classes];
        var total = data.Weights.Sum();
        for (var row = 0; row < data.Count; row++)
            shares[data.Labels[row]] += data.Weights[row] / total;
        return new Majority(shares);
    }

    public float[] Probabilities(FeatureRows rows, int row) => Array.ConvertAll(Shares, share => (float)share);
}
