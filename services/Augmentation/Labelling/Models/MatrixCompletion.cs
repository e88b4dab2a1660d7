using MathNet.Numerics.LinearAlgebra;
using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// Snorkel's label model (Ratner et al., AAAI 2019, and version 0.9): the rates M at which votes fall on labels are those that
/// complete the matrix of how often two functions cast two votes, O ≈ M diag(p) Mᵀ, of which the blocks on the diagonal are
/// unknown; each function's M p is how often it casts each vote.
/// </summary>
/// <remarks>
/// The same loss as Snorkel's, from the same start (a precision of 0.7), but by alternating least squares instead of a hundred
/// steps of gradient descent: nothing is drawn, and it ends where it is smallest.
/// </remarks>
internal sealed class MatrixCompletion : ILabelModel
{
    private const double FirstPrecision = 0.7;
    private const int MostRounds = 2000;
    private const double Near = 1e-9;
    private const double Ridge = 1e-9;
    private const double LeastRate = 1e-4;

    public string Name => "matrix-completion";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default)
    {
        var moments = new VoteMoments(votes);
        var balance = DawidSkene.BalanceOf(votes, settings, stop);
        return Rates(votes, Complete(votes, moments, balance, stop)).Learned(votes, balance);
    }

    /// <summary>Of each function (votes, labels).</summary>
    private static Matrix<double>[] Complete(
        VotePatterns votes,
        VoteMoments moments,
        double[] balance,
        CancellationToken stop
    )
    {
        var shares = Vector<double>.Build.Dense(balance);
        var singles = Each(
            votes,
            function => Vector<double>.Build.Dense(votes.Labels, vote => moments.Of(function, vote))
        );
        var start = Each(votes, function => First(votes, singles[function], balance));
        var rates = (Matrix<double>[])start.Clone();
        var along = new double[votes.Functions * votes.Labels * votes.Labels]; // (functions, votes, labels): M P
        for (var function = 0; function < votes.Functions; function++)
            Weigh(function);
        for (var round = 0; round < MostRounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var change = 0.0;
            for (var function = 0; function < votes.Functions; function++)
            {
                // M_f (Σ P M_gᵀ M_g P + p pᵀ + r I) = Σ O_fg M_g P + o_f pᵀ + r M_f at the start
                var left = shares.OuterProduct(shares) + Ridge * Matrix<double>.Build.DenseIdentity(votes.Labels);
                var right = singles[function].OuterProduct(shares) + Ridge * start[function];
                AddOthers(moments, along, function, left, right);
                var next = left.Cholesky().Solve(right.Transpose()).Transpose();
                change = Math.Max(change, (next - rates[function]).InfinityNorm());
                rates[function] = next;
                Weigh(function);
            }
            if (change < Near)
                break;
        }
        return rates;

        void Weigh(int function)
        {
            for (var vote = 0; vote < votes.Labels; vote++)
            for (var label = 0; label < votes.Labels; label++)
                along[(function * votes.Labels + vote) * votes.Labels + label] =
                    rates[function][vote, label] * balance[label];
        }
    }

    /// <summary>What the other functions add to both sides: Σ P M_gᵀ M_g P and Σ O_fg M_g P.</summary>
    /// <param name="along">M P of all functions.</param>
    private static void AddOthers(
        VoteMoments moments,
        double[] along,
        int function,
        Matrix<double> left,
        Matrix<double> right
    )
    {
        // Plain sums: with a few labels a product of matrices costs more in what surrounds it than in itself.
        var labels = left.ColumnCount;
        for (var at = 0; at < along.Length / labels; at++)
        {
            var (other, vote) = Math.DivRem(at, labels);
            if (other == function)
                continue;
            var row = along.AsSpan(at * labels, labels);
            for (var label = 0; label < labels; label++)
            for (var second = 0; second < labels; second++)
                left[label, second] += row[label] * row[second];
            for (var own = 0; own < labels; own++)
            {
                var together = moments.Of(function, own, other, vote);
                for (var label = 0; label < labels; label++)
                    right[own, label] += together * row[label];
            }
        }
    }

    private static Matrix<double> First(VotePatterns votes, Vector<double> single, double[] balance) =>
        Matrix<double>.Build.Dense(
            votes.Labels,
            votes.Labels,
            (vote, label) =>
                vote == label
                    ? Math.Min(1, FirstPrecision * single[vote] / balance[label])
                    : Math.Min(1, (1 - FirstPrecision) * single[vote] / (1 - balance[vote]))
        );

    private static VoteRates Rates(VotePatterns votes, Matrix<double>[] found)
    {
        var rates = new VoteRates(votes.Functions, votes.Labels);
        for (var function = 0; function < votes.Functions; function++)
        for (var label = 0; label < votes.Labels; label++)
        for (var vote = 0; vote < votes.Labels; vote++)
            rates[function, label, vote] = found[function][vote, label];
        return rates.Completed(LeastRate);
    }

    private static T[] Each<T>(VotePatterns votes, Func<int, T> of) =>
        [.. Enumerable.Range(0, votes.Functions).Select(of)];
}
