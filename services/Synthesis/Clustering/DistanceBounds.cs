using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// Assigns points to their nearest centroids time and again, and multiplies only those for which bounds leave it open
/// (Hamerly, SDM 2010): a point is at most so far from its own centroid and at least so far from every other, and both bounds
/// move by as much as the centroids do. They allow for rounding, so no point is passed over that the products would move.
/// </summary>
/// <param name="norms">|point|² of each.</param>
internal sealed class DistanceBounds(
    DenseRows points,
    RowBlocks blocks,
    float[] norms,
    int threads,
    CancellationToken cancellation
)
{
    /// <summary>What fp32 may lose of a squared distance, in parts of the squared norms that it is made of.</summary>
    private const double Lost = 1e-5;

    /// <summary>What it may lose of a distance whose differences were summed.</summary>
    private const double LostInSum = 1e-5;

    private readonly double[] _own = new double[points.Count]; // at most so far from its centroid
    private readonly double[] _others = new double[points.Count]; // at least so far from any other
    private readonly ParallelOptions _parallel = new() { MaxDegreeOfParallelism = threads };
    private bool _known;
    private long _multiplied;

    /// <summary>How many points were multiplied with all centroids so far.</summary>
    public long Multiplied => _multiplied;

    /// <summary>Puts every point to its nearest centroid.</summary>
    /// <returns>Whether any point has another centroid than before.</returns>
    public bool Assign(DenseRows centroids, int[] of)
    {
        var squares = centroids.SquaredNorms();
        var longest = squares.Max();
        var around = _known ? HalfWays(centroids) : [];
        var changes = 0;
        blocks.Multiply(
            centroids.Values,
            threads,
            (first, chosen) => _known ? Choose(centroids, of, around, first, chosen) : All(first, chosen),
            (rows, products) =>
            {
                var changed = 0;
                for (var at = 0; at < rows.Length; at++)
                {
                    var row = rows[at];
                    var (nearest, least, second) = Distances.Nearest(
                        products.Slice(at * centroids.Count, centroids.Count),
                        squares
                    );
                    changed += of[row] == nearest ? 0 : 1;
                    of[row] = nearest;
                    var lost = Lost * (norms[row] + longest);
                    _own[row] = Math.Sqrt(Math.Max(0, norms[row] + least) + lost);
                    _others[row] = Math.Sqrt(Math.Max(0, norms[row] + second - lost));
                }
                Interlocked.Add(ref changes, changed);
                Interlocked.Add(ref _multiplied, rows.Length);
            },
            cancellation
        );
        _known = true;
        return changes > 0;
    }

    /// <summary>Keeps the bounds true when the centroids have moved.</summary>
    public void Move(DenseRows before, DenseRows after, int[] of)
    {
        var moves = new double[before.Count];
        for (var centroid = 0; centroid < moves.Length; centroid++)
            moves[centroid] = Math.Sqrt(Distances.Squared(before[centroid], after[centroid])) * (1 + LostInSum);
        var farthest = Array.IndexOf(moves, moves.Max());
        var next = moves.Where((_, centroid) => centroid != farthest).DefaultIfEmpty().Max();
        for (var point = 0; point < of.Length; point++)
        {
            _own[point] += moves[of[point]];
            _others[point] -= of[point] == farthest ? next : moves[farthest];
        }
    }

    /// <summary>Points were put elsewhere than to their nearest centroid: all are multiplied next time.</summary>
    public void Forget() => _known = false;

    private static int All(int first, Span<int> chosen)
    {
        for (var at = 0; at < chosen.Length; at++)
            chosen[at] = first + at;
        return chosen.Length;
    }

    private int Choose(DenseRows centroids, int[] of, double[] around, int first, Span<int> chosen)
    {
        var count = 0;
        for (var row = first; row < first + chosen.Length; row++)
        {
            // Whatever is nearer to its centroid than half the way to the next one is nearest to that.
            var safe = Math.Max(_others[row], around[of[row]]);
            if (_own[row] < safe)
                continue;
            // The bound grew with every move; the distance itself may still be small enough.
            _own[row] = Math.Sqrt(Distances.Squared(points[row], centroids[of[row]])) * (1 + LostInSum);
            if (_own[row] >= safe)
                chosen[count++] = row;
        }
        return count;
    }

    /// <summary>Half the distance of each centroid to the nearest other one, at least.</summary>
    private double[] HalfWays(DenseRows centroids)
    {
        var half = new double[centroids.Count];
        Parallel.For(
            0,
            half.Length,
            _parallel,
            centroid =>
            {
                var least = double.PositiveInfinity;
                for (var other = 0; other < half.Length; other++)
                    if (other != centroid)
                        least = Math.Min(least, Distances.Squared(centroids[centroid], centroids[other]));
                half[centroid] = Math.Sqrt(least) / 2 * (1 - LostInSum);
            }
        );
        return half;
    }
}
