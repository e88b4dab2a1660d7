using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_texts_are_mixed_within_clusters : IDisposable
{
    private static readonly FineTuningSpec Mixed = new()
    {
        Updates = 6,
        Batch = 8,
        LearningRate = 1e-3,
        SelectOn = "none",
        Mixup = 1,
        Dropout = 0,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_clusters_say_who_is_mixed_with_whom()
    {
        var reviews = _bench.Reviews(train: 24, dev: 0);

        var (one, _) = Tune(reviews, Clusters(reviews, _ => 0));
        var (any, _) = Tune(reviews, null);
        var (three, notes) = Tune(reviews, Clusters(reviews, row => row % 3));

        Assert.Equal(any.Files, one.Files);
        Assert.NotEqual(any.Files, three.Files);
        Assert.DoesNotContain(notes, note => note.Contains("alone", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_that_are_alone_are_told()
    {
        var reviews = _bench.Reviews(train: 24, dev: 0);

        var (_, notes) = Tune(reviews, Clusters(reviews, row => Math.Min(row, 20)));

        Assert.Contains("20 of 24 rows were alone in their cluster, and were not mixed.", notes);
    }

    [Fact]
    public void Rows_that_synthesis_labelled_have_the_cluster_of_what_they_came_from()
    {
        var reviews = _bench.Reviews(train: 24, dev: 0);
        var clusters = Clusters(reviews, row => row % 3);
        var given = _bench.With(
            reviews,
            "train",
            [.. _bench.Rows(reviews, "train").Select(row => row with { Id = $"synthesised-{row.Id}", Source = row.Id })]
        );

        Assert.Equal(Tune(reviews, clusters).Model.Files, Tune(given, clusters).Model.Files);
    }

    [Fact]
    public void The_splits_that_said_so_are_among_what_the_model_read()
    {
        var reviews = _bench.Reviews(train: 24, dev: 0);
        var clusters = Clusters(reviews, _ => 0);

        var read = _bench.Card(Tune(reviews, clusters).Model).Ancestry;

        Assert.Contains(read, use => use.Split.Id == clusters.Find("train")!.Id);
    }

    [Fact]
    public void Clusters_of_other_rows_are_refused_by_row()
    {
        var reviews = _bench.Reviews(train: 24, dev: 0);

        var fault = Assert.Throws<BadInputException>(() =>
            Tune(reviews, Clusters(_bench.Reviews(train: 20, dev: 0), _ => 0))
        );

        Assert.Equal(
            "Step tuned: row train-20 of 'reviews' has no cluster in 'reviews', which 'clusters' names; expected what synthesize "
                + "with method cluster-ids made of the same rows.",
            fault.Message
        );
    }

    private (ModelRef Model, IReadOnlyList<string> Notes) Tune(DatasetRef dataset, DatasetRef? clusters)
    {
        var inputs = new List<StepInput> { new("model", Model: _bench.SmallBert()), new("dataset", Dataset: dataset) };
        if (clusters is not null)
            inputs.Add(new("clusters", Dataset: clusters));
        var model = _bench.FineTuning.Handle(_bench.Work(StepKinds.FineTune, Mixed, inputs)).Model!;
        return (model, _bench.Card(model).Notes);
    }

    /// <summary>As <c>cluster-ids</c> makes them.</summary>
    private DatasetRef Clusters(DatasetRef dataset, Func<int, int> of)
    {
        var rows = _bench
            .Rows(dataset, "train")
            .Select((row, number) => Given(row, $"cluster-{of(number):000}"))
            .ToList();
        return DatasetIdentity.Dataset(
            dataset.Name,
            dataset.Task,
            [.. rows.Select(row => row.Label!).Distinct().Order(StringComparer.Ordinal)],
            [_bench.Split("train", rows)]
        );
    }

    private static Example Given(Example row, string cluster) =>
        row with
        {
            Id = $"synthesised-{row.Id}",
            Source = row.Id,
            Label = cluster,
        };
}
