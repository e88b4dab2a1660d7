using TransferPipeline.Datasets;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>
/// Labels spread over the graph of nearest neighbours (Zhou et al., "Learning with local and global consistency", NIPS 2003),
/// as scikit-learn's <c>LabelSpreading(kernel='knn')</c> does it: edges lead from a row to its neighbours, which need not be
/// neighbours of it, and are scaled by how often their ends are neighbours.
/// </summary>
internal sealed class LabelSpreading : ISynthesisMethod
{
    private const int Rounds = 30;
    private const double Still = 1e-3;

    public string Name => "label-spreading";

    public Synthesised Make(Pool pool)
    {
        var neighbours = Math.Min(pool.Spec.Neighbours, pool.Rows.Count);
        var graph = NeighbourGraph.Of(pool.Points, neighbours, pool.Threads, pool.Stop);
        var labels = Spread(graph, Start(pool), pool.Labels.Count, pool.Spec.Alpha);

        var made = new List<Example>();
        for (var row = pool.Labelled; row < pool.Rows.Count; row++)
        {
            var own = labels[row];
            var sum = own.Sum();
            if (sum <= 0)
                continue;
            var best = Array.IndexOf(own, own.Max());
            if (own[best] / sum >= pool.Spec.Confidence)
                made.Add(Pool.Given(pool.Rows[row], pool.Labels[best], own[best] / sum));
        }
        return new(Quotas.Keep(made, pool.Spec.PerClass));
    }

    private static int[] Start(Pool pool)
    {
        var numbers = pool.Labels.Select((label, number) => (label, number)).ToDictionary();
        return [.. pool.Rows.Select((row, at) => at < pool.Labelled ? numbers[row.Label!] : -1)];
    }

    /// <param name="start">The label of each row, -1 for none.</param>
    /// <returns>(rows, labels): what has come to each row.</returns>
    internal static double[][] Spread(NeighbourGraph graph, int[] start, int labels, double alpha)
    {
        var current = Array.ConvertAll(start, _ => new double[labels]);
        for (var row = 0; row < start.Length; row++)
            if (start[row] >= 0)
                current[row][start[row]] = 1;

        var change = current.Sum(row => row.Sum());
        for (var round = 0; round < Rounds && change >= Still; round++)
        {
            var next = Array.ConvertAll(start, _ => new double[labels]);
            change = 0;
            for (var row = 0; row < next.Length; row++)
            {
                foreach (var (other, weight) in graph.Edges[row])
                    for (var label = 0; label < labels; label++)
                        next[row][label] += alpha * weight * current[other][label];
                if (start[row] >= 0)
                    next[row][start[row]] += 1 - alpha;
                for (var label = 0; label < labels; label++)
                    change += Math.Abs(next[row][label] - current[row][label]);
            }
            current = next;
        }
        return current;
    }
}
