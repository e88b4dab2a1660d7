using TransferPipeline.Contracts;
using TransferPipeline.Synthesis.Clustering;

namespace TransferPipeline.Synthesis.Tests.Clustering;

public sealed class When_points_are_clustered
{
    [Fact]
    public void Two_pairs_become_two_clusters_with_their_middles()
    {
        var points = DenseRows.Of([
            [0, 0],
            [0, 2],
            [10, 0],
            [10, 2],
        ]);

        var found = new KMeans(2, Seed: 13, Threads: 1).Fit(points);

        Assert.Equal(found.Of[0], found.Of[1]);
        Assert.Equal(found.Of[2], found.Of[3]);
        Assert.NotEqual(found.Of[0], found.Of[2]);
        Assert.Equal([0, 1], found.Centroids[found.Of[0]].ToArray());
        Assert.Equal([10, 1], found.Centroids[found.Of[2]].ToArray());
        Assert.Equal(4, found.Inertia, 6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Planted_clusters_are_found_again(bool miniBatch)
    {
        var centres = new float[7][];
        for (var centre = 0; centre < centres.Length; centre++)
            centres[centre] = [.. Enumerable.Range(0, 20).Select(column => column == centre ? 10f : 0f)];
        var points = PlantedPoints.Around(centres, each: 300, spread: 0.5f);

        var found = new KMeans(7, Seed: 21, Threads: 2, MiniBatch: miniBatch).Fit(points);

        for (var centre = 0; centre < centres.Length; centre++)
            Assert.Single(found.Of[(300 * centre)..(300 * (centre + 1))].Distinct());
        Assert.Equal(7, found.Of.Distinct().Count());
    }

    [Fact]
    public void Inertia_never_rises_from_one_iteration_to_the_next()
    {
        var points = PlantedPoints.Noise(3000, 24);

        double[] inertias =
        [
            .. Enumerable
                .Range(0, 25)
                .Select(most =>
                    new KMeans(17, Seed: 5, Threads: 2, Starts: 1, Iterations: most, Tolerance: 0).Fit(points).Inertia
                ),
        ];

        for (var at = 1; at < inertias.Length; at++)
            Assert.True(inertias[at] <= inertias[at - 1] * (1 + 1e-6), $"{inertias[at - 1]} rose to {inertias[at]}");
        Assert.True(inertias[^1] < inertias[0] * 0.98);
    }

    [Theory]
    [InlineData(false, 29, 0.999)]
    [InlineData(true, 7, 0.3)]
    [InlineData(true, 1, 0.1)]
    public void Bounds_spare_products_and_change_no_assignment(bool planted, int clusters, double most)
    {
        var centres = PlantedPoints.Noise(7, 24);
        var points = planted
            ? PlantedPoints.Around([.. Enumerable.Range(0, 7).Select(at => centres[at].ToArray())], 400, spread: 0.3f)
            : PlantedPoints.Noise(4000, 33);
        using var blocks = new Modelling.Compute.RowBlocks(points.Values, points.Width);
        var whole = new Assignment(points, blocks, 2, TestContext.Current.CancellationToken);
        var (bounds, sums) = (whole.Bounds(), whole.Sums(clusters));
        var centroids = points.Select([.. Enumerable.Range(0, clusters).Select(at => at * points.Count / clusters)]);
        var (bounded, all) = (new int[points.Count], new int[points.Count]);

        const int rounds = 15;
        for (var round = 0; round < rounds; round++)
        {
            bounds.Assign(centroids, bounded);
            whole.Assign(centroids, all, new float[points.Count]);
            Assert.Equal(all, bounded);
            var moved = sums.Means(bounded);
            bounds.Move(centroids, moved, bounded);
            centroids = moved;
        }

        Assert.InRange(bounds.Multiplied, points.Count, (long)(most * rounds * points.Count));
    }

    [Fact]
    public void Sums_that_points_join_and_leave_have_the_means_of_those_who_are_there()
    {
        var points = PlantedPoints.Noise(500, 9);
        var sums = new ClusterSums(points, 3, threads: 2);
        sums.Means([.. Enumerable.Range(0, 500).Select(point => point % 3)]);
        int[] of = [.. Enumerable.Range(0, 500).Select(point => point / 7 % 3)];

        var means = sums.Means(of);

        for (var cluster = 0; cluster < 3; cluster++)
        for (var column = 0; column < 9; column++)
            Assert.Equal(
                Enumerable.Range(0, 500).Where(point => of[point] == cluster).Average(point => points[point][column]),
                means[cluster][column],
                1e-6f
            );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_number_of_threads_changes_no_bit(bool miniBatch)
    {
        var points = PlantedPoints.Noise(10_000, 33);
        var settings = new KMeans(29, Seed: 42, Threads: 1, Iterations: 12, MiniBatch: miniBatch);

        var one = settings.Fit(points);
        var two = (settings with { Threads = 2 }).Fit(points);
        var many = (settings with { Threads = 5 }).Fit(points);

        Assert.Equal(one.Centroids.Values, two.Centroids.Values);
        Assert.Equal(one.Centroids.Values, many.Centroids.Values);
        Assert.Equal(one.Of, many.Of);
        Assert.Equal(one.Distances, two.Distances);
    }

    [Fact]
    public void Another_seed_may_find_other_clusters_and_the_same_seed_finds_the_same()
    {
        var points = PlantedPoints.Noise(2000, 8);
        var settings = new KMeans(40, Seed: 1, Threads: 2, Starts: 1);

        Assert.Equal(settings.Fit(points).Centroids.Values, settings.Fit(points).Centroids.Values);
        Assert.NotEqual(
            settings.Fit(points).Centroids.Values,
            (settings with { Seed = 2 }).Fit(points).Centroids.Values
        );
    }

    [Fact]
    public void More_starts_are_never_worse()
    {
        var points = PlantedPoints.Noise(1500, 6);

        var one = new KMeans(30, Seed: 3, Threads: 2, Starts: 1).Fit(points);
        var five = new KMeans(30, Seed: 3, Threads: 2, Starts: 5).Fit(points);

        Assert.True(five.Inertia <= one.Inertia);
    }

    [Fact]
    public void A_cluster_that_lost_its_points_takes_the_farthest_one()
    {
        var points = DenseRows.Of([
            [0],
            [1],
            [2],
            [50],
        ]);
        // The second seed is nearest to nothing.
        var seeds = DenseRows.Of([
            [1],
            [1000],
        ]);
        using var blocks = new Modelling.Compute.RowBlocks(points.Values, 1);
        var assignment = new Assignment(points, blocks, 1, TestContext.Current.CancellationToken);

        var found = new Lloyd(10, 0, TestContext.Current.CancellationToken).Fit(points, seeds, assignment);

        Assert.Equal([0, 0, 0, 1], found.Of);
        Assert.Equal(2, found.Inertia, 6);
    }

    [Fact]
    public void Points_that_are_all_the_same_still_give_a_clustering()
    {
        var points = DenseRows.Of([
            [3, 4],
            [3, 4],
            [3, 4],
            [3, 4],
        ]);

        var found = new KMeans(3, Seed: 13, Threads: 1).Fit(points);

        Assert.Equal(0, found.Inertia);
        Assert.All(found.Centroids.Values, value => Assert.True(value is 3 or 4));
    }

    [Fact]
    public void More_clusters_than_points_are_refused()
    {
        var points = DenseRows.Of([
            [1],
            [2],
        ]);

        var failure = Assert.Throws<BadInputException>(() => new KMeans(3, Seed: 13, Threads: 1).Fit(points));

        Assert.Contains("clusters: 3 were asked for, and there are 2 rows", failure.Message);
    }

    [Fact]
    public void The_number_of_clusters_is_chosen_where_the_silhouette_is_greatest()
    {
        float[][] centres = [.. Enumerable.Range(0, 10).Select(at => new[] { 10f * (at % 4), 12f * (at / 4) })];
        var points = PlantedPoints.Around(centres, each: 60, spread: 1);

        var (best, tried) = ClusterCount.Choose(
            points,
            new KMeans(0, Seed: 13, Threads: 2),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(10, best.Count);
        Assert.Equal([2, 5, 10, 20, 50, 100], tried.Select(one => one.Clusters));
        Assert.Equal(tried.Select(one => one.Inertia).OrderDescending(), tried.Select(one => one.Inertia));
    }

    [Fact]
    public void A_silhouette_is_what_a_hand_computes()
    {
        // 0 and 2 together, 10 alone: (8 − 2)/8 … of 2: (8 − 2)/8; of 0: (10 − 2)/10; alone: 0.
        var points = DenseRows.Of([
            [0],
            [2],
            [10],
        ]);

        Assert.Equal((0.8 + 0.75 + 0) / 3, SampledSilhouette.Of(points, [0, 0, 1], seed: 1, threads: 1), 6);
        Assert.True(double.IsNaN(SampledSilhouette.Of(points, [0, 0, 0], seed: 1, threads: 1)));
    }
}
