using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// A linear support vector machine as scikit-learn's <c>LinearSVC</c>: squared hinge loss, L2 norm with the bias as one
/// more weight, one class against the rest above two classes.
/// </summary>
/// <remarks>
/// Dual coordinate descent with shrinking (Hsieh et al. 2008, algorithm 3). Its softmax of margins is not calibrated:
/// only the order of a row's probabilities has a meaning.
/// </remarks>
public static class LinearSvm
{
    private const double Tolerance = 1e-7;
    private const int MaxPasses = 20_000;

    /// <exception cref="BadInputException">Fewer than two classes have a row.</exception>
    public static LinearModel Fit(LabelledRows data, double c = 1.0, CancellationToken cancellation = default)
    {
        if (data.Present.Count < 2)
            throw new BadInputException("linear-svm: expected training rows of at least two labels.");

        int[] positives = data.Present.Count == 2 ? [data.Present[1]] : [.. data.Present];
        var machines = positives.Select(label => FitOne(data, label, c, cancellation)).ToList();
        return LinearModel.Of(
            data,
            [.. machines.Select(machine => machine.Weights)],
            [.. machines.Select(machine => machine.Bias)],
            machines.All(machine => machine.Converged)
        );
    }

    private static (double[] Weights, double Bias, bool Converged) FitOne(
        LabelledRows data,
        int positive,
        double c,
        CancellationToken cancellation
    )
    {
        var rows = data.Rows;
        var diagonal = Array.ConvertAll(data.Weights, weight => 0.5 / (c * weight));
        var curvature = new double[rows.Count];
        for (var row = 0; row < rows.Count; row++)
            curvature[row] = diagonal[row] + rows.SquaredNorm(row) + 1;

        var (weights, bias) = (new double[rows.Width], 0.0);
        var dual = new double[rows.Count];
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        var active = rows.Count;
        var largestBefore = double.PositiveInfinity;
        var random = new CounterRandom(0, "order"); // only the path to the one optimum depends on it

        for (var pass = 0; pass < MaxPasses; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (largest, smallest) = (double.NegativeInfinity, double.PositiveInfinity);
            random.Shuffle(order.AsSpan(0, active));

            for (var i = 0; i < active; i++)
            {
                var row = order[i];
                var sign = data.Labels[row] == positive ? 1.0 : -1.0;
                var gradient = sign * (rows.Dot(row, weights) + bias) - 1 + dual[row] * diagonal[row];
                if (dual[row] == 0 && gradient > largestBefore)
                {
                    (order[i], order[active - 1]) = (order[active - 1], order[i]);
                    active--;
                    i--;
                    continue;
                }

                var projected = dual[row] == 0 ? Math.Min(gradient, 0) : gradient;
                largest = Math.Max(largest, projected);
                smallest = Math.Min(smallest, projected);
                if (projected == 0)
                    continue;

                var before = dual[row];
                dual[row] = Math.Max(before - gradient / curvature[row], 0);
                var step = sign * (dual[row] - before);
                rows.AddScaled(row, step, weights);
                bias += step;
            }

            if (active > 0 && largest - smallest > Tolerance)
            {
                largestBefore = largest > 0 ? largest : double.PositiveInfinity;
                continue;
            }
            if (active == rows.Count)
                return (weights, bias, true);
            active = rows.Count; // converged on what was left: look at all rows again
            largestBefore = double.PositiveInfinity;
        }
        return (weights, bias, false);
    }
}
