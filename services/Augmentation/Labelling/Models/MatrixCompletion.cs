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
        var prior = Matrix<double>.Build.DenseOfDiagonalArray(balance);
        var shares = Vector<double>.Build.Dense(balance);
        var singles = Each(
            votes,
            function => Vector<double>.Build.Dense(votes.Labels, vote => moments.Of(function, vote))
        );
        var pairs = Each(votes, a => Each(votes, b => Block(votes, moments, a, b)));
        var start = Each(votes, function => First(votes, singles[function], balance));
        var rates = (Matrix<double>[])start.Clone();
        for (var round = 0; round < MostRounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var change = 0.0;
            for (var function = 0; function < votes.Functions; function++)
            {
                // M_f (Σ P M_gᵀ M_g P + p pᵀ + r I) = Σ O_fg M_g P + o_f pᵀ + r M_f at the start
                var left = shares.OuterProduct(shares) + Ridge * Matrix<double>.Build.DenseIdentity(votes.Labels);
                var right = singles[function].OuterProduct(shares) + Ridge * start[function];
                for (var other = 0; other < votes.Functions; other++)
                {
                    if (other == function)
                        continue;
                    var along = rates[other] * prior;
                    left += along.TransposeThisAndMultiply(along);
                    right += pairs[function][other] * along;
                }
                var next = left.Cholesky().Solve(right.Transpose()).Transpose();
                change = Math.Max(change, (next - rates[function]).InfinityNorm());
                rates[function] = next;
            }
            if (change < Near)
                break;
        }
        return rates;
    }

    private static Matrix<double> Block(VotePatterns votes, VoteMoments moments, int a, int b) =>
        Matrix<double>.Build.Dense(votes.Labels, votes.Labels, (vote, other) => moments.Of(a, vote, b, other));

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
