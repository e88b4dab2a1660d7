namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// Asks the training rows that lie nearest, by Euclidean distance: probabilities are the shares of their labels by weight.
/// Upon rows that a graph of neighbours has labelled it is that graph's answer for a text outside of it.
/// </summary>
public sealed class NearestNeighbours : IBaselineModel
{
    private readonly double[] _norms;

    /// <param name="labels">Of each row.</param>
    /// <param name="weights">Of each row.</param>
    /// <param name="neighbours">How many are asked.</param>
    public NearestNeighbours(FeatureRows rows, int[] labels, double[] weights, int classes, int neighbours)
    {
        (Rows, Labels, Weights, Classes, Neighbours) = (rows, labels, weights, classes, neighbours);
        _norms = [.. Enumerable.Range(0, rows.Count).Select(rows.SquaredNorm)];
    }

    public FeatureRows Rows { get; }

    public IReadOnlyList<int> Labels { get; }

    public IReadOnlyList<double> Weights { get; }

    /// <summary>Number of labels.</summary>
    public int Classes { get; }

    /// <summary>How many rows are asked.</summary>
    public int Neighbours { get; }

    /// <summary>Keeps the rows; nothing is computed.</summary>
    public static NearestNeighbours Fit(LabelledRows data, int neighbours) =>
        new(data.Rows, data.Labels, data.Weights, data.Classes, neighbours);

    public float[] Probabilities(FeatureRows rows, int row)
    {
        var text = new float[rows.Width];
        rows.CopyTo(row, text);
        var asked = Array.ConvertAll(text, value => (double)value);
        var nearest = new PriorityQueue<int, (double, int)>();
        for (var known = 0; known < Rows.Count; known++)
        {
            // The farthest of those kept comes out first; of equals the later one.
            var place = (2 * Rows.Dot(known, asked) - _norms[known], -known);
            if (nearest.Count < Neighbours)
                nearest.Enqueue(known, place);
            else
                nearest.EnqueueDequeue(known, place);
        }

        var shares = new double[Classes];
        foreach (var known in nearest.UnorderedItems.Select(item => item.Element).Order())
            shares[Labels[known]] += Weights[known];
        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => (float)(share / sum));
    }
}
