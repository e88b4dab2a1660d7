using TransferPipeline.Modelling.Baselines;

namespace TransferPipeline.Modelling.Tests.Baselines;

public sealed class When_a_random_forest_is_grown
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_number_of_threads_changes_nothing(int classes)
    {
        var (rows, labels) = ToyRows.Draw(120, 10, classes, seed: 1);
        var data = new LabelledRows(ToyRows.Sparse(rows), labels, classes);

        var alone = RandomForest.Fit(data, seed: 5, trees: 12, threads: 1);
        var together = RandomForest.Fit(data, seed: 5, trees: 12, threads: 2);

        AssertEqual(alone, together);
    }

    [Fact]
    public void Another_seed_grows_another_forest()
    {
        var (rows, labels) = ToyRows.Draw(120, 10, 2, seed: 1);
        var data = new LabelledRows(ToyRows.Dense(rows), labels, classes: 2);

        Assert.NotEqual(
            RandomForest.Fit(data, seed: 5, trees: 3).Trees.Select(tree => tree.Feature[0]),
            RandomForest.Fit(data, seed: 6, trees: 3).Trees.Select(tree => tree.Feature[0])
        );
    }

    [Fact]
    public void Sparse_and_dense_rows_grow_the_same_forest()
    {
        // Distinct values: of equal ratings the first wins, and equal values may lie in any order.
        var (rows, labels) = ToyRows.Draw(400, 12, 3, seed: 2);

        AssertEqual(
            RandomForest.Fit(new(ToyRows.Dense(rows), labels, classes: 3), seed: 5, trees: 6),
            RandomForest.Fit(new(ToyRows.Sparse(rows), labels, classes: 3), seed: 5, trees: 6)
        );
    }

    [Fact]
    public void Each_tree_is_grown_until_its_leaves_are_pure()
    {
        var (rows, labels) = ToyRows.Draw(200, 8, 3, seed: 3);
        float[][] distinct = [.. rows.Select((row, number) => row.Append(number / 200f).ToArray())];

        var forest = RandomForest.Fit(new(ToyRows.Dense(distinct), labels, classes: 3), seed: 5, trees: 10);

        Assert.All(forest.Trees, tree => Assert.All(tree.Shares, share => Assert.True(share is 0 or 1)));
    }

    [Fact]
    public void Equal_rows_of_different_labels_share_a_leaf()
    {
        var rows = Enumerable.Repeat(new float[] { 1, 2 }, 100).ToArray();
        int[] labels = [.. Enumerable.Range(0, 100).Select(row => row < 30 ? 1 : 0)];

        var forest = RandomForest.Fit(new(ToyRows.Dense(rows), labels, classes: 2), seed: 5, trees: 50);

        Assert.All(forest.Trees, tree => Assert.Equal([-1], tree.Feature));
        Assert.Equal(0.3, forest.Probabilities(ToyRows.Dense(rows), 0)[1], tolerance: 0.03);
    }

    [Fact]
    public void The_one_feature_that_differs_is_found_whatever_is_drawn_first()
    {
        // 3 of 10 features are drawn; nine are constant, so drawing must go on until the tenth.
        var rows = Enumerable.Range(0, 20).Select(row => Enumerable.Repeat(1f, 9).Append(row % 2).ToArray()).ToArray();
        int[] labels = [.. Enumerable.Range(0, 20).Select(row => row % 2)];

        var forest = RandomForest.Fit(new(ToyRows.Dense(rows), labels, classes: 2), seed: 5, trees: 30);

        Assert.All(forest.Trees, tree => Assert.True(tree.Feature.Length == 1 || tree.Feature[0] == 9));
        Assert.Contains(forest.Trees, tree => tree.Feature.Length == 3);
    }

    [Fact]
    public void A_row_without_weight_counts_for_nothing()
    {
        var (rows, labels) = ToyRows.Draw(100, 6, 2, seed: 4);
        float[] weights = [.. Enumerable.Range(0, 100).Select(row => row < 60 ? 1f : 0f)];

        AssertEqual(
            RandomForest.Fit(new(ToyRows.Dense(rows), labels, 2, weights), seed: 5, trees: 5),
            RandomForest.Fit(new(ToyRows.Dense(rows[..60]), labels[..60], 2), seed: 5, trees: 5)
        );
    }

    [Fact]
    public void Growing_stops_when_it_is_cancelled()
    {
        var (rows, labels) = ToyRows.Draw(100, 6, 2, seed: 4);
        using var cancelled = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            RandomForest.Fit(
                new(ToyRows.Dense(rows), labels, 2),
                seed: 5,
                trees: 100_000,
                grown: _ => cancelled.Cancel(),
                cancellation: cancelled.Token
            )
        );
    }

    private static void AssertEqual(RandomForest expected, RandomForest actual)
    {
        Assert.Equal(expected.Trees.Count, actual.Trees.Count);
        for (var tree = 0; tree < expected.Trees.Count; tree++)
        {
            Assert.Equal(expected.Trees[tree].Feature, actual.Trees[tree].Feature);
            Assert.Equal(expected.Trees[tree].Threshold, actual.Trees[tree].Threshold);
            Assert.Equal(expected.Trees[tree].Right, actual.Trees[tree].Right);
            Assert.Equal(expected.Trees[tree].Shares, actual.Trees[tree].Shares);
        }
    }
}

public sealed class When_a_split_is_searched
{
    [Fact]
    public void The_purest_one_is_found_among_negative_missing_and_positive_values()
    {
        // Values −2 (a), 0 (a), 0 (a), 3 (b), 4 (b): the best split lies between 0 and 3.
        int[] labels = [0, 0, 0, 1, 1];
        var search = new SplitSearch([3, 2], labels, [1, 1, 1, 1, 1]);

        search.Try(7, [0, 3, 4], [-2f, 3f, 4f], zeros: 2);

        Assert.Equal((7, 1.5f), (search.Feature, search.Threshold));
    }

    [Fact]
    public void Weights_decide_between_two_splits()
    {
        // a | b a against b | a after sorting: x = 1 (a), 2 (b), 3 (a).
        int[] labels = [0, 1, 0];
        var light = new SplitSearch([6, 1], labels, [1, 1, 5]);
        var heavy = new SplitSearch([6, 1], labels, [5, 1, 1]);

        light.Try(0, [0, 1, 2], [1f, 2f, 3f], zeros: 0);
        heavy.Try(0, [0, 1, 2], [1f, 2f, 3f], zeros: 0);

        // light, cut at 2.5: (1² + 1²) / 2 + 5² / 5 = 6 beats 1² / 1 + (5² + 1²) / 6 = 5.33; heavy mirrors it.
        Assert.Equal(2.5f, light.Threshold);
        Assert.Equal(1.5f, heavy.Threshold);
    }

    [Fact]
    public void A_constant_feature_gives_none()
    {
        var search = new SplitSearch([1, 1], [0, 1], [1, 1]);

        search.Try(0, [0, 1], [0.5f, 0.5f + 5e-8f], zeros: 0);

        Assert.False(search.Found);
    }
}
