using CsCheck;
using TransferPipeline.Contracts;
using TransferPipeline.TestKit;

namespace TransferPipeline.Datasets.Tests;

public sealed class When_a_split_is_written : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_field_of_every_row_is_read_back()
    {
        Example[] rows =
        [
            new(
                "a",
                "Ünïcode 😀 \"quoted\"\nsecond line",
                "and another",
                "x",
                0.25f,
                ExampleOrigin.Augmented,
                "b",
                "g"
            ),
            new("b", "plain"),
            new("c", "", Label: "y"),
        ];

        var summary = await WriteAsync(rows);

        Assert.Equal(rows, SplitReader.Read(_folder["split"]));
        Assert.Equal(["x", null, "y"], SplitReader.ReadLabels(_folder["split"]));
        Assert.Equal((3, 2), (summary.Rows, summary.Labelled));
    }

    [Fact]
    public async Task Rows_that_need_several_row_groups_stay_in_order()
    {
        var rows = Enumerable
            .Range(0, 70_000)
            .Select(row => new Example($"train-{row}", new string('x', row % 200), Label: row % 3 == 0 ? null : "l"))
            .ToList();

        await WriteAsync(rows);

        Assert.Equal(rows, SplitReader.Read(_folder["split"]));
    }

    [Fact]
    public async Task A_row_larger_than_a_row_group_is_kept()
    {
        Example[] rows = [new("a", "short"), new("b", new string('é', 5_000_000)), new("c", "short")];

        await WriteAsync(rows);

        Assert.Equal(rows, SplitReader.Read(_folder["split"]));
    }

    [Fact]
    public async Task An_empty_split_is_a_split()
    {
        var summary = await WriteAsync([]);

        Assert.Empty(SplitReader.Read(_folder["split"]));
        Assert.Equal(0, summary.Rows);
    }

    [Fact]
    public async Task The_id_is_the_one_computed_by_hand()
    {
        var summary = await WriteAsync([new("a", "bé", Label: "1")]);

        byte[] canonical =
        [
            .. "transfer-rows/1\n"u8,
            .. (byte[])[1, 0, 0, 0, (byte)'a', 3, 0, 0, 0, (byte)'b', 0xC3, 0xA9],
            .. (byte[])[255, 255, 255, 255, 1, 0, 0, 0, (byte)'1', 255, 255, 255, 255, 255, 255, 255, 255],
            .. (byte[])[0, 0, 0x80, 0x3F, 0],
        ];
        Assert.Equal(ContentHash.Of(canonical), summary.Id);
    }

    [Fact]
    public void Any_change_of_any_row_changes_the_id()
    {
        var text = Gen.String[Gen.Char.AlphaNumeric, 0, 4];
        var maybe = Gen.OneOf(text.Select(value => (string?)value), Gen.Const((string?)null));
        var row =
            from id in text
            from first in text
            from second in maybe
            from label in maybe
            from source in maybe
            from @group in maybe
            from weight in Gen.OneOf(Gen.Const(1f), Gen.Const(0.5f))
            from origin in Gen.Enum<ExampleOrigin>()
            select new Example(id, first, second, label, weight, origin, source, @group);

        Gen.Select(row.List[0, 3], row.List[0, 3])
            .Sample((one, other) => Assert.Equal(one.SequenceEqual(other), IdOf(one) == IdOf(other)), iter: 300);
    }

    private static string IdOf(IEnumerable<Example> rows) =>
        SplitWriter.WriteAsync(Stream.Null, rows).GetAwaiter().GetResult().Id;

    private async Task<SplitSummary> WriteAsync(IEnumerable<Example> rows)
    {
        await using var file = File.Create(_folder["split"]);
        return await SplitWriter.WriteAsync(file, rows);
    }
}

public sealed class When_a_dataset_is_referred_to
{
    private static readonly SplitRef Train = new("train", "sha256:t", new ArtefactRef("sha256:c"), 2, 2, []);
    private static readonly SplitRef Test = new("test", "sha256:e", new ArtefactRef("sha256:d"), 1, 1, []);

    [Fact]
    public void The_id_covers_rows_task_and_label_set_and_nothing_else()
    {
        var dataset = DatasetIdentity.Dataset("a", TaskType.Classification, ["0", "1"], [Test, Train]);

        Assert.Equal(["train", "test"], dataset.Splits.Select(split => split.Name));
        Assert.Equal(dataset.Id, DatasetIdentity.Dataset("b", dataset.Task, dataset.Labels, [Train, Test]).Id);
        Assert.Equal(
            dataset.Id,
            DatasetIdentity.Dataset("a", dataset.Task, dataset.Labels, [Train with { Content = Test.Content }, Test]).Id
        );
        Assert.NotEqual(dataset.Id, DatasetIdentity.Dataset("a", dataset.Task, ["1", "0"], dataset.Splits).Id);
        Assert.NotEqual(dataset.Id, DatasetIdentity.Dataset("a", TaskType.Regression, ["0", "1"], dataset.Splits).Id);
        Assert.NotEqual(
            dataset.Id,
            DatasetIdentity.Dataset("a", dataset.Task, dataset.Labels, [Train, Test with { Name = "dev" }]).Id
        );
        Assert.NotEqual(
            dataset.Id,
            DatasetIdentity.Dataset("a", dataset.Task, dataset.Labels, [Train, Test with { Id = "sha256:f" }]).Id
        );
    }
}

public sealed class When_labels_are_hidden : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_are_read_back_as_they_were()
    {
        HiddenLabel[] labels = [new("train-1", "gut \"und\" schön"), new("train-2", "schlecht")];

        await using (var file = File.Create(_folder["labels"]))
            await HiddenLabel.WriteAsync(file, labels);

        Assert.Equal(labels, HiddenLabel.Read(_folder["labels"]));
    }
}
