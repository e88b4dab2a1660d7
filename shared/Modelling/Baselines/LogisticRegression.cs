using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// Logistic regression as scikit-learn's: C · weighted log loss + ½‖w‖², the bias left out of the norm; one vector for two
/// classes, softmax over one vector per class above.
/// </summary>
/// <remarks>Newton's method with conjugate gradients and a backtracking line search, from zero to the one optimum.</remarks>
public static class LogisticRegression
{
    private const int MaxSteps = 200;
    private const int MaxConjugateSteps = 500;

    /// <summary>Largest entry of the gradient of the objective divided by C · weight of all rows.</summary>
    private const double Tolerance = 1e-9;

    /// <exception cref="BadInputException">Fewer than two classes have a row.</exception>
    public static LinearModel Fit(LabelledRows data, double c = 1.0, CancellationToken cancellation = default)
    {
        if (data.Present.Count < 2)
            throw new BadInputException("logistic: expected training rows of at least two labels.");

        var loss = new LogisticLoss(data, c);
        var point = loss.Zero();
        var value = loss.Evaluate(point);
        var converged = false;

        for (var step = 0; step < MaxSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var gradient = loss.Gradient(point);
            if (converged = gradient.Max(Math.Abs) <= Tolerance)
                break;

            var direction = Solve(loss, gradient, cancellation);
            var slope = Dot(gradient, direction);
            var taken = false;
            for (var length = 1.0; length > 1e-10 && !taken; length /= 2)
            {
                var candidate = Add(point, direction, length);
                var next = loss.Evaluate(candidate);
                // Near the optimum the two values differ by less than they can be computed to.
                taken = next <= value + 1e-4 * length * slope + 1e-14 * Math.Abs(value);
                if (taken)
                    (point, value) = (candidate, next);
            }
            if (!taken)
                break;
            loss.Evaluate(point);
        }

        var (weights, bias) = loss.Split(point);
        return LinearModel.Of(data, weights, bias, converged);
    }

    /// <summary>Solves Hessian · direction = −gradient, the more exactly the smaller the gradient is.</summary>
    private static double[] Solve(LogisticLoss loss, double[] gradient, CancellationToken cancellation)
    {
        var direction = new double[gradient.Length];
        var residual = Array.ConvertAll(gradient, entry => -entry);
        var search = (double[])residual.Clone();
        var squared = Dot(residual, residual);
        var enough = squared * Math.Min(0.01, Math.Sqrt(squared));

        for (var step = 0; step < MaxConjugateSteps && squared > enough; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var curved = loss.Curve(search);
            var curvature = Dot(search, curved);
            if (curvature <= 0)
                break;
            var length = squared / curvature;
            direction = Add(direction, search, length);
            residual = Add(residual, curved, -length);
            var next = Dot(residual, residual);
            search = Add(residual, search, next / squared);
            squared = next;
        }
        return direction;
    }

    private static double[] Add(double[] a, double[] b, double scale)
    {
        var sum = new double[a.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = a[i] + scale * b[i];
        return sum;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
