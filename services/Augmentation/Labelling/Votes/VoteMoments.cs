namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>How often each function casts each vote, and each two functions theirs together; shares of all rows.</summary>
internal sealed class VoteMoments
{
    private readonly double[] _single; // (functions, labels)
    private readonly double[] _pairs; // (functions × labels, functions × labels)
    private readonly int _labels;
    private readonly int _width;

    public VoteMoments(VotePatterns votes)
    {
        (_labels, _width) = (votes.Labels, votes.Functions * votes.Labels);
        (_single, _pairs) = (new double[_width], new double[_width * _width]);
        var cast = new List<int>();
        for (var pattern = 0; pattern < votes.Count; pattern++)
        {
            cast.Clear();
            var row = votes[pattern];
            for (var function = 0; function < row.Length; function++)
                if (row[function] != VoteTable.Abstains)
                    cast.Add(function * _labels + row[function]);
            var share = votes.Weight(pattern) / votes.Rows;
            foreach (var one in cast)
            {
                _single[one] += share;
                foreach (var other in cast)
                    _pairs[one * _width + other] += share;
            }
        }
    }

    /// <summary>The share of rows on which a function casts a vote.</summary>
    public double Of(int function, int vote) => _single[function * _labels + vote];

    /// <summary>The share of rows on which two functions cast these votes.</summary>
    public double Of(int function, int vote, int other, int otherVote) =>
        _pairs[(function * _labels + vote) * _width + other * _labels + otherVote];

    /// <summary>How much more often they do than two functions would that have nothing to do with one another.</summary>
    public double Covariance(int function, int vote, int other, int otherVote) =>
        Of(function, vote, other, otherVote) - Of(function, vote) * Of(other, otherVote);
}
