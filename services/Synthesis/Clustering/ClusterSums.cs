namespace TransferPipeline.Synthesis.Clustering;

/// <summary>
/// Means of clusters, from sums that only points which change their cluster are added to and taken from; each sum is changed by
/// one thread, in the order of the points.
/// </summary>
internal sealed class ClusterSums
{
    private const int Nowhere = -1;

    private readonly DenseRows _points;
    private readonly double[][] _sums; // (clusters, D)
    private readonly int[] _sizes;
    private readonly int[] _of;
    private readonly ParallelOptions _parallel;

    public ClusterSums(DenseRows points, int clusters, int threads)
    {
        (_points, _sizes, _of) = (points, new int[clusters], new int[points.Count]);
        Array.Fill(_of, Nowhere);
        _sums = Array.ConvertAll(_sizes, _ => new double[points.Width]);
        _parallel = new() { MaxDegreeOfParallelism = threads };
    }

    /// <param name="of">The cluster of each point; none is empty.</param>
    public DenseRows Means(int[] of)
    {
        var changes = Array.ConvertAll(_sizes, _ => new List<(int Point, bool Joins)>());
        for (var point = 0; point < of.Length; point++)
        {
            if (of[point] == _of[point])
                continue;
            if (_of[point] != Nowhere)
                changes[_of[point]].Add((point, false));
            changes[of[point]].Add((point, true));
            _of[point] = of[point];
        }

        var means = new float[_sums.Length * _points.Width];
        Parallel.For(
            0,
            _sums.Length,
            _parallel,
            cluster =>
            {
                var sum = _sums[cluster];
                foreach (var (point, joins) in changes[cluster])
                {
                    Distances.Add(_points[point], sum, joins ? 1 : -1);
                    _sizes[cluster] += joins ? 1 : -1;
                }
                for (var column = 0; column < sum.Length; column++)
                    means[cluster * sum.Length + column] = (float)(sum[column] / _sizes[cluster]);
            }
        );
        return new(means, _points.Width);
    }
}
