using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>What each kind of baseline keeps in its file of weights.</summary>
internal static class BaselineWeights
{
    public static IReadOnlyList<string> Algorithms { get; } =
    ["linear-svm", "random-forest", "logistic", "nearest-neighbours", "majority"];

    public static List<NamedArray> Of(IBaselineModel model) =>
        model switch
        {
            LinearModel linear =>
            [
                NamedArray.Of(
                    "weight",
                    linear.Weights.SelectMany(row => row).ToArray(),
                    linear.Bias.Length,
                    linear.Width
                ),
                NamedArray.Of("bias", linear.Bias),
                NamedArray.Of("converged", [linear.Converged ? 1 : 0]),
            ],
            RandomForest forest =>
            [
                NamedArray.Of("tree.nodes", forest.Trees.Select(tree => tree.Feature.Length).ToArray()),
                NamedArray.Of(
                    "tree.leaves",
                    forest.Trees.Select(tree => tree.Shares.Length / forest.Classes).ToArray()
                ),
                NamedArray.Of("node.feature", forest.Trees.SelectMany(tree => tree.Feature).ToArray()),
                NamedArray.Of("node.threshold", forest.Trees.SelectMany(tree => tree.Threshold).ToArray()),
                NamedArray.Of("node.right", forest.Trees.SelectMany(tree => tree.Right).ToArray()),
                NamedArray.Of("leaf.shares", forest.Trees.SelectMany(tree => tree.Shares).ToArray()),
            ],
            NearestNeighbours neighbours =>
            [
                NamedArray.Of("neighbours", [neighbours.Neighbours]),
                NamedArray.Of("row.label", neighbours.Labels.ToArray()),
                NamedArray.Of("row.weight", neighbours.Weights.ToArray()),
                NamedArray.Of(
                    "row.values",
                    Rows(neighbours).Select(row => neighbours.Rows.Values(row).Length).ToArray()
                ),
                NamedArray.Of(
                    "value",
                    Rows(neighbours).SelectMany(row => neighbours.Rows.Values(row).ToArray()).ToArray()
                ),
                NamedArray.Of(
                    "column",
                    neighbours.Rows.IsDense
                        ? []
                        : Rows(neighbours).SelectMany(row => neighbours.Rows.Columns(row).ToArray()).ToArray()
                ),
            ],
            Majority majority => [NamedArray.Of("shares", majority.Shares)],
            _ => throw new ArgumentException($"{model.GetType().Name} cannot be saved.", nameof(model)),
        };

    /// <exception cref="BadInputException">Arrays are missing or do not fit the features and labels.</exception>
    public static IBaselineModel Read(ArrayFile arrays, string algorithm, int width, int classes) =>
        algorithm switch
        {
            "majority" => new Majority(arrays.Get<double>("shares", classes)),
            "random-forest" => ReadForest(arrays, width, classes),
            "nearest-neighbours" => ReadNeighbours(arrays, width, classes),
            _ => new LinearModel(
                [.. arrays.Get<double>("weight", classes, width).Chunk(width)],
                arrays.Get<double>("bias", classes),
                arrays.Get<int>("converged", 1)[0] != 0
            ),
        };

    private static IEnumerable<int> Rows(NearestNeighbours neighbours) => Enumerable.Range(0, neighbours.Rows.Count);

    private static NearestNeighbours ReadNeighbours(ArrayFile arrays, int width, int classes)
    {
        var labels = arrays.GetList<int>("row.label");
        var weights = arrays.Get<double>("row.weight", labels.Length);
        var counts = arrays.Get<int>("row.values", labels.Length);
        var asked = arrays.Get<int>("neighbours", 1)[0];
        if (labels.Length == 0 || asked < 1 || labels.Any(label => label < 0 || label >= classes))
            throw arrays.Bad("row.label", $"rows, each with one of {classes} labels, and a neighbour to ask");
        var values = arrays.Get<float>("value", counts.Sum(count => (long)count));
        var columns = arrays.GetList<int>("column");
        var dense = columns.Length == 0;
        if (dense ? counts.Any(count => count != width) : columns.Length != values.Length)
            throw arrays.Bad("column", $"a column for each value, or none where all rows are {width} wide");
        if (counts.Any(count => count < 0) || columns.Any(column => column < 0 || column >= width))
            throw arrays.Bad("column", $"columns from 0 to {width - 1}");
        var offsets = new int[counts.Length + 1];
        for (var row = 0; row < counts.Length; row++)
            offsets[row + 1] = offsets[row] + counts[row];
        var rows = dense
            ? FeatureRows.Dense([.. values.Chunk(width)], width)
            : FeatureRows.Sparse(width, offsets, columns, values);
        return new(rows, labels, weights, classes, asked);
    }

    private static RandomForest ReadForest(ArrayFile arrays, int width, int classes)
    {
        var nodes = arrays.GetList<int>("tree.nodes");
        var leaves = arrays.Get<int>("tree.leaves", nodes.Length);
        if (nodes.Length == 0 || nodes.Concat(leaves).Any(count => count < 1))
            throw arrays.Bad("tree.nodes", "trees of at least one node and one leaf");

        var total = nodes.Sum(count => (long)count);
        var feature = arrays.Get<int>("node.feature", total);
        var threshold = arrays.Get<float>("node.threshold", total);
        var right = arrays.Get<int>("node.right", total);
        var shares = arrays.Get<float>("leaf.shares", leaves.Sum(count => (long)count) * classes);

        var trees = new DecisionTree[nodes.Length];
        var (node, share) = (0, 0);
        for (var number = 0; number < trees.Length; number++)
        {
            var (nextNode, nextShare) = (node + nodes[number], share + leaves[number] * classes);
            var tree = new DecisionTree(
                feature[node..nextNode],
                threshold[node..nextNode],
                right[node..nextNode],
                shares[share..nextShare]
            );
            if (!IsSound(tree, width, leaves[number]))
                throw arrays.Bad("node.right", $"tree {number} in preorder, over {width} features");
            trees[number] = tree;
            (node, share) = (nextNode, nextShare);
        }
        return new RandomForest(trees, width, classes);
    }

    /// <summary>Whether every walk down the tree ends in one of its leaves.</summary>
    private static bool IsSound(DecisionTree tree, int width, int leaves)
    {
        for (var node = 0; node < tree.Feature.Length; node++)
        {
            var right = tree.Right[node];
            var sound =
                tree.Feature[node] == -1
                    ? right >= 0 && right < leaves
                    : tree.Feature[node] >= 0
                        && tree.Feature[node] < width
                        && right > node + 1
                        && right < tree.Feature.Length;
            if (!sound)
                return false;
        }
        return true;
    }
}
