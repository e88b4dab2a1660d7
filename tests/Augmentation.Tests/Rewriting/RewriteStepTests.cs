using TransferPipeline.Augmentation.Rewriting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Augmentation.Tests.Rewriting;

public sealed class When_a_dataset_is_rewritten : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("eda")]
    [InlineData("synonyms")]
    [InlineData("insertion")]
    [InlineData("swap")]
    [InlineData("deletion")]
    [InlineData("neighbours")]
    [InlineData("typos")]
    [InlineData("cut-off")]
    public void Copies_carry_the_label_of_what_they_were_made_from(string method)
    {
        var dataset = Reviews();

        var train = _bench.Rows(
            Rewrite(
                dataset,
                new()
                {
                    Method = method,
                    Copies = 3,
                    Weight = 0.5,
                }
            ).Dataset!,
            "train"
        );

        Assert.Equal(_bench.Rows(dataset, "train"), train.Take(3));
        var sources = train.Take(3).ToDictionary(row => row.Id);
        Assert.NotEmpty(train.Skip(3));
        Assert.All(
            train.Skip(3),
            copy =>
            {
                var source = sources[copy.Source!];
                Assert.Equal((source.Label, source.Group, 0.5f), (copy.Label, copy.Group, copy.Weight));
                Assert.Equal(ExampleOrigin.Augmented, copy.Origin);
                Assert.NotEqual(source.Text, copy.Text);
            }
        );
        Assert.Equal(train.Count, train.DistinctBy(row => row.Id).Count());
        Assert.DoesNotContain(train, row => row.Source == "t-2");
    }

    [Fact]
    public void Every_copy_is_added_or_counted_as_unchanged()
    {
        var output = Rewrite(Reviews(), new() { Method = "eda", Copies = 9 });

        var record = _bench.Read<RewrittenTexts>(output, RewrittenTexts.File);
        Assert.Equal(2 * 9, record.Added + record.Unchanged);
        Assert.Equal(record.Added, _bench.Rows(output.Dataset!, "train").Count - 3);
    }

    [Fact]
    public void Another_row_changes_no_copy_of_the_others()
    {
        var few = _bench.Rows(Rewrite(Reviews(), new() { Copies = 4 }).Dataset!, "train");
        var more = _bench.Rows(Rewrite(Reviews(more: true), new() { Copies = 4 }).Dataset!, "train");

        foreach (var id in new[] { "t-0", "t-1" })
            Assert.Equal(few.Where(row => row.Source == id), more.Where(row => row.Source == id));
    }

    [Fact]
    public void Dev_test_and_unlabelled_texts_keep_their_references()
    {
        var dataset = Reviews();

        var rewritten = Rewrite(dataset, new()).Dataset!;

        foreach (var split in new[] { "dev", "test", "unlabelled" })
            Assert.Equal(dataset.Find(split), rewritten.Find(split));
        Assert.Equal([dataset.Find("train")!.Id], rewritten.Find("train")!.CutFrom);
    }

    [Fact]
    public void Another_seed_draws_other_copies()
    {
        string Id(long seed) => Rewrite(Reviews(), new() { Seed = seed, Copies = 9 }).Dataset!.Find("train")!.Id;

        Assert.Equal(Id(13), Id(13));
        Assert.NotEqual(Id(13), Id(21));
    }

    [Fact]
    public void Both_texts_of_a_pair_are_edited()
    {
        var pairs = _bench.Dataset(
            ["no", "yes"],
            ("train", [new("t-0", "one two three four", "five six seven eight", "yes")])
        );

        var copy = _bench.Rows(Rewrite(pairs, new() { Method = "swap" }).Dataset!, "train")[1];

        Assert.NotEqual("one two three four", copy.Text);
        Assert.NotEqual("five six seven eight", copy.TextB);
    }

    [Theory]
    [InlineData("eda", "wordnet")]
    [InlineData("neighbours", "neighbours")]
    public void A_missing_pack_of_words_is_named_with_how_to_make_it(string method, string kind)
    {
        var fault = Assert.Throws<BadInputException>(() =>
            Rewrite(Reviews(), new() { Method = method }, "transfer-lexicon\tstop-words\nthe\n")
        );

        Assert.StartsWith(
            $"lexicons: {method} needs a pack of kind {kind}; make one with `transfer lexicons import {kind} PATH`",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_pack_that_is_none_is_refused_by_its_name()
    {
        var work = _bench.Work(
            StepKinds.Rewrite,
            new RewritingSpec(),
            new StepInput("dataset", Dataset: Reviews()),
            new StepInput("lexicons.0", GivenAs: "words.txt", File: _bench.Store("nothing of the kind\n"))
        );

        var fault = Assert.Throws<BadInputException>(() => new RewriteHandler(new ModelOpener()).Handle(work));

        Assert.Equal(
            "words.txt: is no pack of words; expected one that `transfer lexicons import` made",
            fault.Message
        );
    }

    [Fact]
    public void A_masked_model_and_labels_are_asked_for_where_they_are_missing()
    {
        Assert.Equal(
            "Step step: 'model' is missing, which method masked-model needs; expected a masked language model.",
            Assert.Throws<BadInputException>(() => Rewrite(Reviews(), new() { Method = "masked-model" })).Message
        );
        Assert.Equal(
            "dataset: 'set' has no labelled train split to rewrite",
            Assert
                .Throws<BadInputException>(() =>
                    Rewrite(_bench.Dataset(["no", "yes"], ("train", [new("t-0", "a")])), new())
                )
                .Message
        );
    }

    private DatasetRef Reviews(bool more = false)
    {
        Example[] another = more ? [new("t-9", "an engaging movie of its own", Label: "yes")] : [];
        return _bench.Dataset(
            ["no", "yes"],
            (
                "train",
                [
                    .. another,
                    new("t-0", "A gorgeous, witty and seductive movie of the year", Label: "yes", Group: "g"),
                    new("t-1", "the movie is neither witty nor gorgeous at all", Label: "no"),
                    new("t-2", "a row without any label", Label: null),
                ]
            ),
            ("dev", [new("d-0", "a movie", Label: "no")]),
            ("test", [new("e-0", "a movie", Label: "yes")]),
            ("unlabelled", [new("u-0", "some movie")])
        );
    }

    private StepOutput Rewrite(DatasetRef dataset, RewritingSpec spec, string pack = Neighbours)
    {
        StepInput[] inputs =
        [
            new("dataset", Dataset: dataset),
            new("lexicons.0", GivenAs: "neighbours.pack", File: _bench.Store(pack)),
        ];
        return new RewriteHandler(new ModelOpener()).Handle(_bench.Work(StepKinds.Rewrite, spec, inputs));
    }

    private const string Neighbours =
        "transfer-lexicon\tneighbours\ngorgeous\tlovely\tsplendid\nmovie\tfilm\tpicture\nwitty\tclever\n";
}
