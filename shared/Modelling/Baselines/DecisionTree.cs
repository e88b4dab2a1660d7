namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// A binary tree in preorder: a node's left child follows it. A leaf has feature −1, and <see cref="Right"/> is then the
/// number of its row in <see cref="Shares"/>.
/// </summary>
/// <param name="Feature">(nodes).</param>
/// <param name="Threshold">(nodes): values up to it go left.</param>
/// <param name="Right">(nodes).</param>
/// <param name="Shares">(leaves, classes): share of each class in a leaf's training rows.</param>
public sealed record DecisionTree(int[] Feature, float[] Threshold, int[] Right, float[] Shares)
{
    /// <summary>Adds the shares of the leaf that a row of all features falls into.</summary>
    internal void AddShares(ReadOnlySpan<float> features, Span<double> to)
    {
        var node = 0;
        while (Feature[node] >= 0)
            node = features[Feature[node]] <= Threshold[node] ? node + 1 : Right[node];

        var shares = Shares.AsSpan(Right[node] * to.Length, to.Length);
        for (var label = 0; label < to.Length; label++)
            to[label] += shares[label];
    }
}
