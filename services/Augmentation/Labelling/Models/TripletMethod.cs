using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// The triplet method of FlyingSquid (Fu et al., ICML 2020), in closed form. Of functions that are independent given the label,
/// the covariances of any three tell how strongly each depends on it: d₁² = c₁₂ c₁₃ / c₂₃.
/// </summary>
/// <remarks>
/// Two things differ from the paper. Votes are read as covariances of +1 (this label), -1 (another) and 0 (abstains) instead of
/// products of the votes where both vote, which say nothing of functions that vote for one label only. And d₁² is fitted to all
/// triplets by least squares instead of taken as their median, so that pairs without a connection count for nothing.
/// </remarks>
internal sealed class TripletMethod : ILabelModel
{
    private const double LeastRate = 1e-4;

    public string Name => "triplet";

    public LearnedLabels Fit(VotePatterns votes, LabelModelSettings settings, CancellationToken stop = default)
    {
        var moments = new VoteMoments(votes);
        var strengths = Enumerable
            .Range(0, votes.Labels)
            .Select(label => Strengths(Covariances(moments, votes, label)))
            .ToArray();
        var balance = DawidSkene.BalanceOf(votes, settings, stop);
        return Rates(votes, moments, strengths, balance).Learned(votes, balance);
    }

    /// <summary>(functions, functions): of the views that each function has of one label.</summary>
    private static double[,] Covariances(VoteMoments moments, VotePatterns votes, int label)
    {
        var covariances = new double[votes.Functions, votes.Functions];
        for (var a = 0; a < votes.Functions; a++)
        for (var b = 0; b < votes.Functions; b++)
        for (var vote = 0; vote < votes.Labels; vote++)
            covariances[a, b] += Sign(vote, label) * WithView(moments, votes, a, vote, b, label);
        return covariances;
    }

    /// <summary>Covariance of a function casting one vote with the view that another has of a label.</summary>
    private static double WithView(
        VoteMoments moments,
        VotePatterns votes,
        int function,
        int vote,
        int other,
        int label
    )
    {
        var sum = 0.0;
        for (var cast = 0; cast < votes.Labels; cast++)
            sum += Sign(cast, label) * moments.Covariance(function, vote, other, cast);
        return sum;
    }

    private static int Sign(int vote, int label) => vote == label ? 1 : -1;

    private static double[] Strengths(double[,] covariances)
    {
        var count = covariances.GetLength(0);
        var strengths = new double[count];
        for (var i = 0; i < count; i++)
        {
            var (above, below) = (0.0, 0.0);
            for (var j = 0; j < count; j++)
            for (var k = j + 1; k < count; k++)
                if (i != j && i != k)
                {
                    above += covariances[i, j] * covariances[i, k] * covariances[j, k];
                    below += covariances[j, k] * covariances[j, k];
                }
            strengths[i] = below > 0 ? Math.Sqrt(Math.Max(0, above / below)) : 0;
        }

        // Squares tell no sign: a function that runs against the others is worse than chance.
        for (var i = 0; i < count; i++)
        {
            var with = Enumerable.Range(0, count).Sum(j => j == i ? 0 : covariances[i, j] * Math.Abs(strengths[j]));
            strengths[i] *= with < 0 ? -1 : 1;
        }
        return strengths;
    }

    private static VoteRates Rates(VotePatterns votes, VoteMoments moments, double[][] strengths, double[] balance)
    {
        var rates = new VoteRates(votes.Functions, votes.Labels);
        for (var label = 0; label < votes.Labels; label++)
        {
            var others = 1 - balance[label];
            var spread = Math.Sqrt(balance[label] * others); // standard deviation of "is this label"
            for (var function = 0; function < votes.Functions; function++)
            for (var vote = 0; vote < votes.Labels; vote++)
            {
                var (along, length) = (0.0, 0.0);
                for (var other = 0; other < votes.Functions; other++)
                {
                    if (other == function)
                        continue;
                    var strength = strengths[label][other];
                    along += WithView(moments, votes, function, vote, other, label) * strength;
                    length += strength * strength;
                }
                var difference = length > 0 ? along / length / spread : 0; // P(vote | label) - P(vote | another)
                rates[function, label, vote] = moments.Of(function, vote) + difference * others;
            }
        }
        return rates.Completed(LeastRate);
    }
}
