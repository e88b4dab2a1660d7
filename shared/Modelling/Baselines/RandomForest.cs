using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// A random forest as scikit-learn's with its defaults: each tree grown to purity on a bootstrap sample; a probability is the
/// mean of the trees' leaf shares.
/// </summary>
/// <param name="Width">Number of features.</param>
/// <param name="Classes">Number of classes.</param>
public sealed record RandomForest(IReadOnlyList<DecisionTree> Trees, int Width, int Classes) : IBaselineModel
{
    /// <summary>Grows the trees; each draws from a stream of its own, so the number of threads changes nothing.</summary>
    /// <param name="grown">Told how many trees are grown, from any thread.</param>
    public static RandomForest Fit(
        LabelledRows data,
        long seed,
        int trees = 200,
        int? threads = null,
        Action<int>? grown = null,
        CancellationToken cancellation = default
    )
    {
        if (data.Count == 0)
            throw new ArgumentException("A forest needs a row.", nameof(data));
        var columns = new SortedColumns(data.Rows);
        var forest = new DecisionTree[trees];
        var done = 0;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        Parallel.For(
            0,
            trees,
            options,
            tree =>
            {
                forest[tree] = new TreeGrower(data, columns, new CounterRandom(seed, "tree", tree)).Grow();
                grown?.Invoke(Interlocked.Increment(ref done));
            }
        );
        return new RandomForest(forest, data.Rows.Width, data.Classes);
    }

    public float[] Probabilities(FeatureRows rows, int row)
    {
        var features = new float[Width];
        rows.CopyTo(row, features);
        var sums = new double[Classes];
        foreach (var tree in Trees)
            tree.AddShares(features, sums);
        return Array.ConvertAll(sums, sum => (float)(sum / Trees.Count));
    }
}
