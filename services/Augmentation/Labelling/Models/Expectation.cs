using TransferPipeline.Augmentation.Labelling.Votes;

namespace TransferPipeline.Augmentation.Labelling.Models;

/// <summary>
/// The probability of each label given the votes, and how often each vote is thus expected on each label. Patterns are read in
/// blocks, whose sums are added up in their order: no bit depends on the number of threads.
/// </summary>
internal sealed class Expectation
{
    private const int Block = 4096;

    private readonly VotePatterns _votes;
    private readonly VoteGroups _groups;
    private readonly double[] _expected; // (places, labels)

    /// <param name="probabilities">(patterns, labels), to begin with; they are written over.</param>
    public Expectation(VotePatterns votes, double[] probabilities)
    {
        (_votes, _groups, Probabilities) = (votes, votes.Groups, probabilities);
        _expected = new double[_groups.Places * votes.Labels];
        Read(table: [], prior: []);
    }

    /// <summary>(patterns, labels).</summary>
    public double[] Probabilities { get; }

    /// <summary>Finds the probabilities by how often each function casts each vote on a label.</summary>
    /// <returns>The mean log-likelihood of a row.</returns>
    public double Update(VoteRates rates, double[] balance)
    {
        var labels = _votes.Labels;
        var table = new double[_groups.Places * labels];
        foreach (var (place, function, vote) in _groups.Votes())
            for (var label = 0; label < labels; label++)
                table[place * labels + label] += Math.Log(rates[function, label, vote]);
        return Read(table, Array.ConvertAll(balance, Math.Log)) / _votes.Rows;
    }

    /// <summary>How often each function is expected to cast each vote on each label, and how often each label.</summary>
    public (VoteRates Votes, double[] Labels) Expected()
    {
        var labels = _votes.Labels;
        var counts = new VoteRates(_votes.Functions, labels);
        foreach (var (place, function, vote) in _groups.Votes())
            for (var label = 0; label < labels; label++)
                counts[function, label, vote] += _expected[place * labels + label];
        var totals = new double[labels];
        var (first, end) = (_groups.FirstGroup.Start.Value, _groups.FirstGroup.End.Value);
        for (var place = first; place < end; place++)
        for (var label = 0; label < labels; label++)
            totals[label] += _expected[place * labels + label];
        return (counts, totals);
    }

    /// <param name="table">(places, labels), logarithms; empty where the probabilities stay as they are.</param>
    private double Read(double[] table, double[] prior)
    {
        var blocks = (_votes.Count + Block - 1) / Block;
        var sums = new double[blocks][];
        var likelihoods = new double[blocks];
        Parallel.For(
            0,
            blocks,
            block =>
            {
                var sum = sums[block] = new double[_expected.Length];
                for (var pattern = block * Block; pattern < Math.Min(_votes.Count, (block + 1) * Block); pattern++)
                {
                    if (table.Length > 0)
                        likelihoods[block] += _votes.Weight(pattern) * Find(pattern, table, prior);
                    Add(pattern, sum);
                }
            }
        );
        Array.Clear(_expected);
        foreach (var sum in sums)
            for (var at = 0; at < sum.Length; at++)
                _expected[at] += sum[at];
        return likelihoods.Sum();
    }

    /// <returns>The log-likelihood of a row with these votes.</returns>
    private double Find(int pattern, double[] table, double[] prior)
    {
        var labels = prior.Length;
        var of = Probabilities.AsSpan(pattern * labels, labels);
        prior.CopyTo(of);
        foreach (var place in _groups[pattern])
        {
            var logs = table.AsSpan(place * labels, labels);
            for (var label = 0; label < of.Length; label++)
                of[label] += logs[label];
        }
        var most = of[0];
        foreach (var log in of)
            most = Math.Max(most, log);
        var total = 0.0;
        for (var label = 0; label < of.Length; label++)
            total += of[label] = Math.Exp(of[label] - most);
        for (var label = 0; label < of.Length; label++)
            of[label] /= total;
        return most + Math.Log(total);
    }

    private void Add(int pattern, double[] sum)
    {
        var labels = _votes.Labels;
        var of = Probabilities.AsSpan(pattern * labels, labels);
        var weight = _votes.Weight(pattern);
        foreach (var place in _groups[pattern])
        {
            var counts = sum.AsSpan(place * labels, labels);
            for (var label = 0; label < of.Length; label++)
                counts[label] += weight * of[label];
        }
    }
}
