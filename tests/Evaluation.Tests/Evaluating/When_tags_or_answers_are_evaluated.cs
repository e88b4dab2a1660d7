using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_tags_or_answers_are_evaluated : IDisposable
{
    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Entities_are_counted_whole_and_by_type()
    {
        var dataset = await Tagged(
            ("Rome is big", "B-place O O"),
            ("Ann Lee left Rome", "B-name I-name O B-place"),
            ("none here", "O O")
        );
        var opener = new Opener(
            new()
            {
                ["Rome is big"] = "B-place O O",
                ["Ann Lee left Rome"] = "I-name I-name O O",
                ["none here"] = "O B-place",
            }
        );

        var (scores, lines) = await Evaluate(dataset, opener);

        // Found 3 of which 2 are true, of 3 that are there; strictly 1 of 2.
        Assert.Equal(2 / 3.0, scores.Metrics["entityF1"].Value, 1e-12);
        Assert.Equal(2.0 / 5, scores.Metrics["entityF1Strict"].Value, 1e-12);
        Assert.Equal(6 / 9.0, scores.Metrics["tagAccuracy"].Value, 1e-12);
        Assert.InRange(scores.Metrics["entityF1"].Low!.Value, 0, 2 / 3.0);
        Assert.InRange(scores.Metrics["entityF1"].High!.Value, 2 / 3.0, 1);
        Assert.Equal(["name", "place"], scores.Labels);
        Assert.Equal([new ClassScores("name", 1, 1, 1, 1), new ClassScores("place", 0.5, 0.5, 0.5, 2)], scores.Classes);
        Assert.Empty(scores.Confusion);
        Assert.Contains(scores.Notes, note => note.StartsWith("3 words of 3 scored sentences stand beyond"));
        Assert.Equal("""{"id":"test-0","tags":["B-place","O","O"],"probabilities":[0.5,0.5,0.5]}""", lines[0]);
    }

    [Fact]
    public async Task A_sentence_that_is_not_read_to_its_end_is_refused_where_that_is_asked_for()
    {
        var dataset = await Tagged(("Rome is big", "B-place O O"));
        var opener = new Opener(new() { ["Rome is big"] = "B-place O O" });

        var fault = await Assert.ThrowsAsync<BadInputException>(() => Evaluate(dataset, opener, strict: true));
        Assert.Contains("1 words of example test-0 of tags stand beyond what model", fault.Message);
    }

    [Fact]
    public async Task A_tag_that_the_model_cannot_give_is_refused()
    {
        var dataset = await Tagged(("Rome", "B-city"));
        var fault = await Assert.ThrowsAsync<BadInputException>(() => Evaluate(dataset, new Opener([])));
        Assert.Contains("has the tags B-city, I-city, which model", fault.Message);
    }

    [Theory]
    [InlineData(false, 0.5, 0.5)]
    [InlineData(true, 2 / 3.0, 2 / 3.0)]
    public async Task Answers_are_scored_by_the_rules_of_their_version(bool second, double exact, double f1)
    {
        (string, string)[] rows =
        [
            ("when?", """[{"text":"in May","start":9}]"""),
            ("who?", """[{"text":"Ann","start":0}]"""),
        ];
        if (second)
            rows = [.. rows, ("why?", "[]")];
        var dataset = await Asked(second, rows);
        // Without a threshold the finder always answers; with one it says that there is no answer to 'why?'.
        var opener = new Opener(
            new()
            {
                ["when?"] = "in May",
                ["who?"] = "left",
                ["why?"] = "",
            }
        );

        var (scores, lines) = await Evaluate(dataset, opener);

        Assert.Equal(exact, scores.Metrics["exactMatch"].Value, 1e-12);
        Assert.Equal(f1, scores.Metrics["f1"].Value, 1e-12);
        Assert.Equal(second ? 0 : null, opener.Threshold);
        Assert.Equal(rows.Length, scores.N);
        Assert.StartsWith("""{"id":"test-0","answer":"in May","start":3""", lines[0]);
    }

    [Fact]
    public async Task Answers_that_match_exactly_are_right_in_comparisons()
    {
        var dataset = await Asked(
            true,
            ("when?", """[{"text":"in May","start":9},{"text":"May","start":12}]"""),
            ("who?", """[{"text":"Ann","start":0}]"""),
            ("why?", "[]")
        );
        var (scores, _) = await Evaluate(
            dataset,
            new Opener(
                new()
                {
                    ["when?"] = "May.",
                    ["who?"] = "left",
                    ["why?"] = "",
                }
            )
        );

        Assert.Equal([true, false, true], new RightAnswers(_bench.Artefacts, CancellationToken.None).Of(scores));
    }

    [Fact]
    public async Task The_true_answers_change_no_byte_of_the_predictions()
    {
        var opener = new Opener(new() { ["who?"] = "Ann" });
        var one = await Evaluate(await Asked(false, ("who?", """[{"text":"Ann","start":0}]""")), opener);
        var other = await Evaluate(await Asked(false, ("who?", """[{"text":"left","start":4}]""")), opener);

        Assert.Equal(one.Lines, other.Lines);
        Assert.NotEqual(one.Scores.Metrics["f1"].Value, other.Scores.Metrics["f1"].Value);
    }

    private async Task<(ModelScores Scores, string[] Lines)> Evaluate(
        DatasetRef dataset,
        Opener opener,
        bool? strict = null
    )
    {
        var model = await _bench.Model([]);
        var step = StudyBench.Step(
            "scores",
            StepKinds.Evaluate,
            new EvaluationSpec { Resamples = 200, Strict = strict },
            new StepInput("dataset", Dataset: dataset),
            new StepInput("models.0", Model: model)
        );
        var output = new EvaluationHandler(_bench.Steps, opener, TimeProvider.System).Handle(_bench.Work(step));
        return (
            Assert.Single(_bench.Scores(output)),
            _bench.Text(output.Files!["predictions-0.jsonl"]).TrimEnd('\n').Split('\n')
        );
    }

    private async Task<DatasetRef> Tagged(params (string Text, string Tags)[] rows)
    {
        var split = await Split(rows.Select((row, i) => new Example($"test-{i}", row.Text, Label: row.Tags)));
        var names = EntityTags.Names(rows.SelectMany(row => EntityTags.Split(row.Tags)));
        return DatasetIdentity.Dataset("tags", TaskType.TokenClassification, names, [split]);
    }

    private async Task<DatasetRef> Asked(bool second, params (string Question, string Answers)[] rows)
    {
        var split = await Split(
            rows.Select((row, i) => new Example($"test-{i}", row.Question, "Ann left in May.", row.Answers))
        );
        string[] labels = second ? ["answerable", "unanswerable"] : ["answerable"];
        return DatasetIdentity.Dataset("questions", TaskType.QuestionAnswering, labels, [split]);
    }

    private async Task<SplitRef> Split(IEnumerable<Example> rows)
    {
        SplitSummary? summary = null;
        var content = await _bench.Artefacts.StoreAsync(
            async (to, stop) => summary = await SplitWriter.WriteAsync(to, rows, stop)
        );
        return DatasetIdentity.Split("test", summary!, content);
    }

    /// <summary>Says for each text what the test gave it.</summary>
    private sealed class Opener(Dictionary<string, string> said) : IClassifierOpener, ITagger, IAnswerer
    {
        public double? Threshold { get; private set; }

        public IReadOnlyList<string> Labels => ["O", "B-name", "I-name", "B-place", "I-place"];

        public IClassifier Open(string folder) => throw new NotSupportedException();

        public ITagger OpenTagger(string folder) => this;

        public IAnswerer OpenAnswerer(string folder) => this;

        public IReadOnlyList<TaggedWords> Tag(
            IReadOnlyList<IReadOnlyList<string>> sentences,
            CancellationToken cancellation = default
        ) =>
            [
                .. sentences
                    .Select(words => said[string.Join(' ', words)].Split(' '))
                    .Select(tags => new TaggedWords(tags, [.. tags.Select(_ => 0.5f)], CutOff: 1)),
            ];

        public IReadOnlyList<FoundAnswer> Answer(
            IReadOnlyList<ModelText> questions,
            AnswerSearch search,
            CancellationToken cancellation = default
        )
        {
            Threshold = search.NullThreshold;
            return [.. questions.Select(question => new FoundAnswer(said[question.First], 3, 1, 0, []))];
        }

        public void Dispose() { }
    }
}
