using TransferPipeline.Augmentation.Labelling;
using TransferPipeline.Augmentation.Labelling.Models;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation.Tests.Labelling;

public sealed class When_a_dataset_is_labelled : IDisposable
{
    private const string Functions = """
        functions:
          subscribe: { keywords: [subscribe, "my channel"], label: SPAM }
          link:      { regex: "https?://", label: SPAM }
          praise:    { lexicon: good, label: HAM }
          short:     { length: words, max: 3, label: HAM }
          shouting:  { punctuation: "!", min: 3, label: SPAM, weight: 2 }
          never:     { keywords: [zebra], label: HAM }
        lexicons:
          good: [love, great]
        """;

    private static readonly string[] Labels = ["HAM", "SPAM"];

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_kind_of_rule_votes_where_it_fits_and_abstains_elsewhere()
    {
        var output = Label(new() { LabelModel = "majority" }, Functions);

        var votes = File.ReadLines(_bench.Path(output.Files![VotedText.File])).ToArray();
        Assert.Equal(
            [
                """{"id":"u-0","votes":["SPAM","SPAM","","","",""],"given":"SPAM"}""",
                """{"id":"u-1","votes":["","","HAM","HAM","",""],"given":"HAM"}""",
                """{"id":"u-2","votes":["","","","","",""]}""",
                """{"id":"u-3","votes":["SPAM","","HAM","","SPAM",""],"given":"SPAM"}""",
            ],
            votes
        );
    }

    [Fact]
    public void Soft_labels_become_rows_whose_weights_are_the_probabilities()
    {
        var output = Label(new() { LabelModel = "majority" }, Functions);

        var added = _bench.Rows(output.Dataset!, "train").Where(row => row.Origin is ExampleOrigin.Augmented).ToList();
        Assert.Equal(["u-0~SPAM", "u-1~HAM", "u-3~HAM", "u-3~SPAM"], added.Select(row => row.Id));
        Assert.Equal([1, 1, 1 / 3f, 2 / 3f], added.Select(row => row.Weight));
        Assert.Equal(["u-0", "u-1", "u-3", "u-3"], added.Select(row => row.Source!));
        Assert.Equal(["SPAM", "HAM", "HAM", "SPAM"], added.Select(row => row.Label!));
    }

    [Fact]
    public void Hard_labels_are_one_row_of_weight_one()
    {
        var output = Label(new() { LabelModel = "majority", Labels = "hard" }, Functions);

        var added = _bench.Rows(output.Dataset!, "train").Where(row => row.Origin is ExampleOrigin.Augmented).ToList();
        Assert.Equal(["u-0~SPAM", "u-1~HAM", "u-3~SPAM"], added.Select(row => row.Id));
        Assert.All(added, row => Assert.Equal(1, row.Weight));
    }

    [Fact]
    public void A_text_that_is_not_probable_enough_stays_without_a_label()
    {
        var output = Label(new() { LabelModel = "majority", MinProbability = 0.7 }, Functions);

        Assert.DoesNotContain(_bench.Rows(output.Dataset!, "train"), row => row.Source == "u-3");
    }

    [Fact]
    public void Every_other_split_keeps_its_reference_and_train_says_what_it_came_of()
    {
        var dataset = Comments();

        var labelled = Label(new(), Functions, dataset).Dataset!;

        foreach (var split in new[] { "dev", "test", "unlabelled" })
            Assert.Equal(dataset.Find(split), labelled.Find(split));
        Assert.Equal([dataset.Find("train")!.Id, dataset.Find("unlabelled")!.Id], labelled.Find("train")!.CutFrom);
        Assert.Equal(_bench.Rows(dataset, "train"), _bench.Rows(labelled, "train").Take(3));
    }

    [Fact]
    public void The_analysis_counts_what_can_be_counted_by_hand()
    {
        var output = Label(new() { LabelModel = "majority" }, Functions);

        var analysis = _bench.Read<LabellingAnalysis>(output, LabellingAnalysis.File);
        Assert.Equal((7, 6, 3, 4), (analysis.Rows, analysis.Covered, analysis.Labelled, analysis.Unlabelled));
        var subscribe = analysis.Functions[0];
        Assert.Equal(["SPAM"], subscribe.Polarity);
        // t-0, t-2, u-0 and u-3; beside another on u-0 and u-3, against one on u-3; wrong on t-2.
        Assert.Equal((4 / 7.0, 2 / 7.0, 1 / 7.0), (subscribe.Coverage, subscribe.Overlaps, subscribe.Conflicts));
        Assert.Equal(0.5, subscribe.EmpiricalAccuracy);
        Assert.Null(subscribe.LearnedAccuracy);
        Assert.Null(analysis.Functions[^1].EmpiricalAccuracy);
        Assert.Equal(["Function never never voted."], analysis.Notes);
    }

    [Fact]
    public void Labels_of_dev_and_test_and_hidden_ones_change_nothing()
    {
        var (one, other) = (Comments(), Comments(flip: true));
        Assert.NotEqual(one.Id, other.Id);

        var (first, second) = (Label(new(), Functions, one), Label(new(), Functions, other));

        Assert.Equal(first.Dataset!.Find("train")!.Id, second.Dataset!.Find("train")!.Id);
        Assert.Equal(first.Files, second.Files);
    }

    [Fact]
    public void Columns_of_votes_vote_beside_functions()
    {
        var votes = _bench.Store("id,first,second\nu-1,HAM,-1\nu-2,SPAM,HAM\n");

        var output = Label(new() { LabelModel = "majority", Votes = ["first"] }, Functions, votes: votes);

        var lines = File.ReadLines(_bench.Path(output.Files![VotedText.File])).ToArray();
        Assert.Equal("""{"id":"u-1","votes":["","","HAM","HAM","","","HAM"],"given":"HAM"}""", lines[1]);
        Assert.Equal("""{"id":"u-2","votes":["","","","","","","SPAM"],"given":"SPAM"}""", lines[2]);
    }

    [Theory]
    [InlineData("majority", false)]
    [InlineData("dawid-skene", true)]
    public void A_function_that_the_label_model_holds_for_worse_than_a_guess_is_named(string labelModel, bool told)
    {
        // Three copies against one: nothing tells which of them is right.
        string[] said = ["HAM", "SPAM"];
        var lines = Enumerable.Range(0, 40).Select(row => (Copies: said[row % 2], Other: said[1 - row % 2]));
        var votes = string.Concat(
            lines.Select((line, row) => $"u-{row},{line.Copies},{line.Copies},{line.Copies},{line.Other}\n")
        );
        var texts = Enumerable.Range(0, 40).Select(row => new Example($"u-{row}", $"text {row}"));
        var dataset = _bench.Dataset(Labels, ("train", []), ("unlabelled", [.. texts]));

        var output = Label(
            new() { LabelModel = labelModel },
            functions: null,
            dataset,
            _bench.Store("id,one,two,three,other\n" + votes)
        );

        Assert.Equal(
            told
                ?
                [
                    "dawid-skene holds other to be right less often than a guess; where functions copy one another it sides with the "
                        + "copies, so look at majority beside it.",
                ]
                : [],
            _bench.Read<LabellingAnalysis>(output, LabellingAnalysis.File).Notes
        );
    }

    [Fact]
    public void A_function_may_be_a_column_of_its_own_name()
    {
        var votes = _bench.Store("id,first,second\nu-1,HAM,-1\nu-2,SPAM,HAM\n");

        var output = Label(new(), "functions: { mine: { column: second, weight: 3 } }", votes: votes);

        Assert.Equal("mine", _bench.Read<LabellingAnalysis>(output, LabellingAnalysis.File).Functions.Single().Name);
        Assert.Equal("u-2~HAM", _bench.Rows(output.Dataset!, "train")[^1].Id);
    }

    [Fact]
    public void A_centroid_votes_for_what_is_nearest_and_a_model_above_its_threshold()
    {
        const string functions = """
            functions:
              near:   { centroid: { examples: { HAM: ["love this song"], SPAM: ["subscribe to my channel"] }, margin: 0.05 } }
              model:  { model: 0.8 }
            """;

        var output = Label(new(), functions, model: true);

        var votes = File.ReadLines(_bench.Path(output.Files![VotedText.File])).ToArray();
        Assert.Equal("""{"id":"u-0","votes":["SPAM","SPAM"],"given":"SPAM"}""", votes[0]);
        Assert.Equal("""{"id":"u-1","votes":["HAM",""],"given":"HAM"}""", votes[1]);
    }

    [Theory]
    [InlineData(
        "functions: { a: { keywords: [x], label: EGGS } }",
        "functions.yaml:1:34: label: 'EGGS' is no label of the dataset; expected one of HAM, SPAM"
    )]
    [InlineData(
        "functions: { a: { keyword: [x], label: HAM } }",
        "functions.yaml:1:17: function 'a': expected one of keywords, regex, lexicon, length, punctuation, centroid, model, column"
    )]
    [InlineData(
        "functions: { a: { keywords: [x], label: HAM, part: true } }",
        "functions.yaml:1:46: unknown key 'part'"
    )]
    [InlineData(
        "functions: { a: { regex: \"(\", label: HAM } }",
        "functions.yaml:1:19: regex: Invalid pattern '(' at offset 1. Not enough )'s; expected a regular expression of .NET"
    )]
    [InlineData(
        "functions: { a: { lexicon: good, label: HAM } }",
        "functions.yaml:1:19: lexicon: there is no lexicon 'good'; expected one of those under lexicons, of which there are none"
    )]
    [InlineData(
        "functions: { a: { length: words, label: HAM } }",
        "functions.yaml:1:19: length: expected min, max or both, min not above max"
    )]
    [InlineData(
        "functions: { a: { model: 0.9 } }",
        "functions.yaml:1:19: model: function 'a' reads predictions; expected the step's model"
    )]
    [InlineData(
        "functions: { a: { model: 1.9 } }",
        "functions.yaml:1:19: model: '1.9' does not fit; expected a number from 0 to 1"
    )]
    [InlineData(
        "functions: { a: { column: x } }",
        "functions.yaml:1:19: column: function 'a' reads votes that came with the data; expected the step's voteFile"
    )]
    [InlineData("functions: {", "functions.yaml")]
    [InlineData("lexicons: { a: [x] }", "functions.yaml:1:1: 'functions' is missing")]
    [InlineData("functions: { a: { regex: \"^(u+)+$|(s|su)*x\", label: HAM } }", null)]
    public void A_function_that_cannot_be_read_is_refused_by_its_place(string functions, string? expected)
    {
        if (expected is null)
            Assert.NotNull(Label(new(), functions + "\n"));
        else
            Assert.StartsWith(expected, Refused(new(), functions), StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_backtracks_without_end_is_named()
    {
        var endless = Comments(text: new string('a', 60) + "!");

        var fault = Assert.Throws<BadInputException>(() =>
            Label(new(), """functions: { slow: { regex: "^(a+)+$", label: HAM } }""", endless)
        );

        Assert.Equal(
            "functions.yaml:1:22: regex: function 'slow' took more than 1 s for the text of u-9; expected an expression that does not backtrack without end",
            fault.Message
        );
    }

    [Fact]
    public void A_vote_that_is_no_label_is_refused_by_its_place()
    {
        var votes = _bench.Store("id,first\nu-1,HAM\nu-2,EGGS\n");

        Assert.Equal(
            "voteFile, line 3, column 5: column 'first' votes 'EGGS'; expected one of HAM, SPAM, or -1 or nothing for an abstention",
            Refused(new(), null, votes)
        );
    }

    [Fact]
    public void Votes_of_other_rows_are_refused()
    {
        var votes = _bench.Store("id,first\nx-1,HAM\nx-2,SPAM\n");

        Assert.StartsWith(
            "voteFile: none of its rows is one of set",
            Refused(new(), null, votes),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "votes: votes.csv has no column 'third'; expected some of id, first",
            Assert
                .Throws<BadInputException>(() =>
                    Label(new() { Votes = ["third"] }, null, votes: votes, votesName: "votes.csv")
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_step_without_functions_unlabelled_text_or_a_whole_balance_is_refused()
    {
        Assert.Equal("Step step: nothing votes; expected 'functions', a 'voteFile', or both.", Refused(new(), null));
        Assert.StartsWith(
            "dataset: 'set' has no unlabelled split to label",
            Assert
                .Throws<BadInputException>(() =>
                    Label(new(), Functions, _bench.Dataset(Labels, ("train", [new("t-0", "a", Label: "HAM")])))
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "classBalance: the shares sum to 0.9; expected 1",
            Refused(
                new()
                {
                    ClassBalance = new Dictionary<string, string> { ["HAM"] = "0.4", ["SPAM"] = "0.5" },
                },
                Functions
            )
        );
        Assert.StartsWith(
            "classBalance: SPAM: expected a share for each of HAM, SPAM",
            Refused(new() { ClassBalance = new Dictionary<string, string> { ["HAM"] = "0.4" } }, Functions),
            StringComparison.Ordinal
        );
    }

    private string Refused(LabellingSpec spec, string? functions, ArtefactRef? votes = null) =>
        Assert.Throws<BadInputException>(() => Label(spec, functions, votes: votes)).Message;

    private DatasetRef Comments(bool flip = false, string? text = null)
    {
        string Turned(string label) => flip ? (label == "HAM" ? "SPAM" : "HAM") : label;
        Example[] more = text is null ? [] : [new("u-9", text)];
        var dataset = _bench.Dataset(
            Labels,
            (
                "train",
                [
                    new("t-0", "subscribe to all of these now please", Label: "SPAM"),
                    new("t-1", "a great song for a long drive home", Label: "HAM"),
                    new("t-2", "should i subscribe or should i not do it", Label: "HAM"),
                ]
            ),
            ("dev", [new("d-0", "zebra", Label: Turned("HAM"))]),
            ("test", [new("e-0", "zebra", Label: Turned("SPAM"))]),
            (
                "unlabelled",
                [
                    new("u-0", "Subscribe to my channel at http://x.y"),
                    new("u-1", "love this song"),
                    new("u-2", "nothing that any of them would know of"),
                    new("u-3", "great!!! now subscribe to us too"),
                    .. more,
                ]
            )
        );
        return dataset with { HiddenLabels = _bench.Store($$"""{"id":"u-0","label":"{{Turned("SPAM")}}"}""" + "\n") };
    }

    private StepOutput Label(
        LabellingSpec spec,
        string? functions,
        DatasetRef? dataset = null,
        ArtefactRef? votes = null,
        bool model = false,
        string? votesName = null
    )
    {
        var inputs = new List<StepInput> { new("dataset", Dataset: dataset ?? Comments()) };
        if (functions is not null)
            inputs.Add(new("functions", GivenAs: "functions.yaml", File: _bench.Store(functions)));
        if (votes is not null)
            inputs.Add(new("voteFile", GivenAs: votesName, File: votes));
        if (model)
            inputs.Add(
                new(
                    "model",
                    Model: new(
                        "sha256:" + new string('0', 64),
                        new Dictionary<string, string>(),
                        votes ?? _bench.Store("{}")
                    )
                )
            );
        return Handler().Handle(_bench.Work(StepKinds.Label, spec, [.. inputs]));
    }

    private static IStepHandler Handler() =>
        new LabelHandler(
            [new MajorityVote(), new WeightedVote(), new DawidSkene(), new TripletMethod(), new MatrixCompletion()],
            new Certain()
        );

    /// <summary>A model that is sure of texts about channels, and of no others.</summary>
    private sealed class Certain : IModelOpener, IClassifier
    {
        public IReadOnlyList<string> Labels { get; } = ["SPAM", "HAM"];

        public IClassifier OpenClassifier(string folder) => this;

        public IEmbedder OpenEncoder(string folder, int maxTokens) => throw new NotSupportedException();

        public HiddenWords OpenMasked(string folder) => throw new NotSupportedException();

        public IReadOnlyList<float[]> Predict(
            IReadOnlyList<ModelText> texts,
            CancellationToken cancellation = default
        ) =>
            [
                .. texts.Select(text =>
                    text.First.Contains("channel", StringComparison.Ordinal) ? new[] { 0.9f, 0.1f } : [0.6f, 0.4f]
                ),
            ];

        public void Dispose() { }
    }
}
