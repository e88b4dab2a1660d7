using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>Labelled members of one cluster.</summary>
/// <param name="Counts">Of each label that a member has, in the order of the label set.</param>
internal sealed record ClusterVotes(IReadOnlyList<(string Label, int Count)> Counts)
{
    public int Total => Counts.Sum(vote => vote.Count);

    /// <summary>Share of the most frequent label; 0 without a labelled member.</summary>
    public double Purity => Total == 0 ? 0 : (double)Counts.Max(vote => vote.Count) / Total;

    public static ClusterVotes[] Of(Pool pool, Partition partition)
    {
        var votes = new Dictionary<string, int>[partition.Count];
        for (var cluster = 0; cluster < votes.Length; cluster++)
            votes[cluster] = [];
        for (var row = 0; row < pool.Labelled; row++)
        {
            var own = votes[partition.Of[row]];
            own[pool.Rows[row].Label!] = own.GetValueOrDefault(pool.Rows[row].Label!) + 1;
        }
        return
        [
            .. votes.Select(own => new ClusterVotes([
                .. pool.Labels.Where(own.ContainsKey).Select(label => (label, own[label])),
            ])),
        ];
    }

    /// <summary>The majority's label where support and purity are enough, and no other label is as frequent; else null.</summary>
    public string? Decide(double purity, int support)
    {
        if (Total < support || Total == 0 || Purity < purity)
            return null;
        var most = Counts.Max(vote => vote.Count);
        var winners = Counts.Where(vote => vote.Count == most).ToArray();
        return winners.Length == 1 ? winners[0].Label : null;
    }

    /// <summary>The same with one member of that label less.</summary>
    public ClusterVotes Without(string label) =>
        new([
            .. Counts
                .Select(vote => vote.Label == label ? (vote.Label, vote.Count - 1) : vote)
                .Where(vote => vote.Item2 > 0),
        ]);
}
