using TransferPipeline.Contracts;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>Writes down what a method found, for those who score it.</summary>
internal static class FindingsOf
{
    private const int Examples = 5;
    private const int LongestExample = 200;

    public static SynthesisFindings Pool(Pool pool, Synthesised made)
    {
        var partition = made.Clusters?.Partition;
        var places = PlaneMap.Of(pool.Points, pool.Spec.Seed, pool.Stop);
        var silhouette = partition is null
            ? double.NaN
            : SampledSilhouette.Of(pool.Points, partition.Of, pool.Spec.Seed, pool.Threads);
        return new(
            pool.Spec.Method,
            made.Clusters is null ? [] : Clusters(pool, made.Clusters),
            [.. pool.Rows.Select((row, at) => Row(row.Id, partition?.Of[at], places, at))],
            [.. (made.Clusters?.Tried ?? []).Where(one => double.IsFinite(one.Silhouette))],
            double.IsNaN(silhouette) ? null : silhouette,
            made.HeldOut,
            pool.Points.Width,
            pool.ModelFolder is null ? 0 : pool.Spec.MaxTokens
        );
    }

    private static FoundRow Row(string id, int? cluster, IReadOnlyDictionary<int, (float X, float Y)> places, int at) =>
        places.TryGetValue(at, out var place) ? new(id, cluster, place.X, place.Y) : new(id, cluster, null, null);

    private static FoundCluster[] Clusters(Pool pool, LabelledClusters found)
    {
        var votes = ClusterVotes.Of(pool, found.Partition);
        var members = found.Partition.Members();
        return
        [
            .. members.Select(
                (own, cluster) =>
                    new FoundCluster(
                        own.Length,
                        votes[cluster].Counts.ToDictionary(vote => vote.Label, vote => vote.Count),
                        found.Labels[cluster],
                        [
                            .. own.OrderBy(row => found.Partition.Distances[row])
                                .ThenBy(row => row)
                                .Select(row => Short(pool.Rows[row].Text))
                                .Distinct()
                                .Take(Examples),
                        ],
                        found.Partition.Centroids[cluster].ToArray()
                    )
            ),
        ];
    }

    private static string Short(string text)
    {
        if (text.Length <= LongestExample)
            return text;
        var end = char.IsHighSurrogate(text[LongestExample - 1]) ? LongestExample - 1 : LongestExample;
        return text[..end] + "…";
    }
}
