namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// One weight vector and one bias per class; probabilities are the softmax of the scores. For two classes the rows are
/// ∓half of the one vector that was fitted, so that the softmax is the sigmoid of its margin.
/// </summary>
/// <param name="Weights">(classes, features).</param>
/// <param name="Bias">(classes).</param>
/// <param name="Converged">False where the fit ended at its largest number of iterations.</param>
public sealed record LinearModel(double[][] Weights, double[] Bias, bool Converged) : IBaselineModel
{
    /// <summary>The bias of a class that no training row had: its probability is 0.</summary>
    internal const double Absent = -10_000;

    /// <summary>Number of features.</summary>
    public int Width => Weights[0].Length;

    public float[] Probabilities(FeatureRows rows, int row)
    {
        var scores = new double[Bias.Length];
        for (var label = 0; label < scores.Length; label++)
            scores[label] = rows.Dot(row, Weights[label]) + Bias[label];
        return Softmax(scores);
    }

    /// <summary>A model of all classes from vectors fitted for those present: one vector for two classes, else one each.</summary>
    internal static LinearModel Of(LabelledRows data, double[][] weights, double[] bias, bool converged)
    {
        var model = new LinearModel(new double[data.Classes][], new double[data.Classes], converged);
        Array.Fill(model.Bias, Absent);
        for (var label = 0; label < data.Classes; label++)
            model.Weights[label] = new double[data.Rows.Width];

        for (var i = 0; i < data.Present.Count; i++)
        {
            var (from, scale) = weights.Length == 1 ? (0, i == 0 ? -0.5 : 0.5) : (i, 1.0);
            model.Weights[data.Present[i]] = [.. weights[from].Select(weight => scale * weight)];
            model.Bias[data.Present[i]] = scale * bias[from];
        }
        return model;
    }

    private static float[] Softmax(double[] scores)
    {
        var best = Array.IndexOf(scores, scores.Max());
        var exponentials = Array.ConvertAll(scores, score => Math.Exp(score - scores[best]));
        var sum = exponentials.Sum();
        var probabilities = Array.ConvertAll(exponentials, value => (float)(value / sum));

        // Rounding to 32 bits may make a close second equal to the winner, and an earlier one then wins.
        var largest = probabilities.Max();
        if (Array.IndexOf(probabilities, largest) != best)
            probabilities[best] = MathF.BitIncrement(largest);
        return probabilities;
    }
}
