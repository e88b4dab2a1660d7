using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.Tests.FineTuning;

public sealed class When_tags_or_answers_are_to_be_learnt : IDisposable
{
    private static readonly FineTuningSpec Few = new()
    {
        Updates = 60,
        Batch = 8,
        LearningRate = 3e-3,
        EvaluateEvery = 20,
        CheckpointEvery = 20,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_tagger_opens_with_the_tags_of_the_dataset_and_has_learnt_them()
    {
        var dataset = Tagged();
        var trained = Tune(Few with { SelectBy = "entityF1" }, dataset);
        var card = _bench.Card(trained);

        using var tagger = TokenTagger.Open(_bench.Open(trained));
        Assert.Equal(dataset.Labels, tagger.Labels);
        Assert.Equal(
            ["O", "O", "B-film"],
            tagger
                .Tag([
                    ["i", "like", "movies"],
                ])
                .Single()
                .Tags
        );
        Assert.Equal(dataset.Labels, card.Labels);
        Assert.Equal(("dev", 40, 20), (card.SelectedOn, card.LabelsTrain, card.LabelsDev));
        Assert.InRange(card.Scores["entityF1"], 0.9, 1);
    }

    [Fact]
    public void The_answerer_finds_what_it_has_learnt_to_find()
    {
        var trained = Tune(Few with { Updates = 200, MaxTokens = 40, Stride = 8 }, Asked());
        var card = _bench.Card(trained);

        using var answerer = AnswerFinder.Open(_bench.Open(trained));
        var found = answerer.Answer([new("which film ?", "it was a good movie and a bad book .")], new()).Single();
        Assert.Equal("movie", found.Text);
        Assert.Empty(card.Labels);
        Assert.Equal((40L, 20L), (card.LabelsTrain, card.LabelsDev));
        Assert.InRange(card.Scores["loss"], 0, 1.5);
        Assert.Contains(
            card.Notes,
            note => note.Contains("contexts were read as") && note.Contains("windows of 40 tokens")
        );
    }

    [Theory]
    [InlineData(TaskType.TokenClassification)]
    [InlineData(TaskType.QuestionAnswering)]
    public void Equal_orders_give_equal_files(TaskType task)
    {
        var dataset = task is TaskType.TokenClassification ? Tagged() : Asked();
        var brief = Few with { Updates = 10, Dropout = 0.1 };

        Assert.Equal(Tune(brief, dataset).Files, Tune(brief, dataset).Files);
    }

    [Fact]
    public void Tags_that_fit_no_words_and_answers_that_cannot_be_read_are_refused()
    {
        Assert.Contains(
            "has 2 words and 1 tags; expected a tag for each word",
            Refused(Tagged(row => row with { Label = "O", Text = "two words" }))
        );
        Assert.Contains(
            "the tag 'B-book' is none of its labels; expected one of O, B-film, I-film",
            Refused(Tagged(row => row with { Label = "B-book", Text = "one" }))
        );
        Assert.Contains("expected answers that can be read", Refused(Asked(row => row with { Label = "movie" })));
        Assert.Contains(
            "expected an answer in its context",
            Refused(Asked(row => row with { Label = """[{"text":"movie","start":0}]""" }))
        );
        Assert.Contains("weighs its rows; expected equal weights", Refused(Tagged(row => row with { Weight = 2 })));
    }

    [Fact]
    public void Entities_select_nothing_but_tags()
    {
        var fault = Assert.Throws<BadInputException>(() => Tune(Few with { SelectBy = "entityF1" }, _bench.Reviews()));
        Assert.Contains("selectBy entityF1 counts entities; dataset reviews is for Classification", fault.Message);
    }

    [Fact]
    public void The_F1_of_the_second_of_two_labels_selects_where_there_are_two()
    {
        var card = _bench.Card(Tune(Few with { SelectBy = "f1", Updates = 2 }, _bench.Reviews()));
        Assert.InRange(card.Scores["f1"], 0, 1);

        var fault = Assert.Throws<BadInputException>(() =>
            Tune(Few with { SelectBy = "f1" }, _bench.Reviews(dev: 0, task: TaskType.Regression, change: Numbered))
        );
        Assert.Contains(
            "selectBy f1 is that of the second of two labels; dataset reviews is for Regression",
            fault.Message
        );

        static Example Numbered(Example row) => row with { Label = "1" };
    }

    [Fact]
    public void Texts_that_are_cut_off_are_counted()
    {
        var dataset = _bench.Reviews(change: row =>
            row.Id == "train-3" ? row with { Text = string.Join(' ', Enumerable.Repeat("good", 80)) } : row
        );
        var card = _bench.Card(Tune(Few with { Updates = 1, MaxTokens = 64 }, dataset));

        Assert.Contains(
            "1 of 48 training texts are longer than the 64 tokens that are read; the rest of them was cut off.",
            card.Notes
        );
    }

    [Fact]
    public void Frozen_features_tell_texts_apart_and_not_words()
    {
        var fault = Assert.Throws<BadInputException>(() => Tune(Few with { Strategy = "frozen" }, Tagged()));
        Assert.Contains("strategy frozen tells labels of texts apart", fault.Message);
    }

    private ModelRef Tune(FineTuningSpec spec, DatasetRef dataset) =>
        _bench.FineTuning.Handle(_bench.Tuning(_bench.SmallBert(), dataset, spec)).Model!;

    private string Refused(DatasetRef dataset) =>
        Assert.Throws<BadInputException>(() => Tune(Few with { Updates = 1 }, dataset)).Message;

    private DatasetRef Tagged(Func<Example, Example>? change = null)
    {
        string[] films = ["movie", "film", "movies", "films"];
        string[] others = ["book", "actor", "day", "story"];
        return DatasetIdentity.Dataset(
            "words",
            TaskType.TokenClassification,
            EntityTags.Names(["B-film"]),
            [_bench.Split("train", Rows("train", 40, change)), _bench.Split("dev", Rows("dev", 20, null))]
        );

        IEnumerable<Example> Rows(string split, int count, Func<Example, Example>? changed) =>
            Enumerable
                .Range(0, count)
                .Select(i =>
                    i % 2 == 0
                        ? new Example($"{split}-{i}", $"i like {films[i / 2 % 4]}", Label: "O O B-film")
                        : new Example($"{split}-{i}", $"the {others[i / 2 % 4]} is good", Label: "O O O O")
                )
                .Select(row => changed?.Invoke(row) ?? row);
    }

    private DatasetRef Asked(Func<Example, Example>? change = null)
    {
        string[] films = ["movie", "film"];
        string[] books = ["book", "story", "actor"];
        return DatasetIdentity.Dataset(
            "questions",
            TaskType.QuestionAnswering,
            [Answers.Answerable],
            [_bench.Split("train", Rows("train", 40, change)), _bench.Split("dev", Rows("dev", 20, null))]
        );

        IEnumerable<Example> Rows(string split, int count, Func<Example, Example>? changed) =>
            Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    // Every fifth context is longer than a window.
                    var before = string.Concat(Enumerable.Repeat("it was a good day . ", i % 5 == 4 ? 8 : i % 3));
                    var context = $"{before}it was a good {films[i % 2]} and a bad {books[i % 3]} .";
                    var start = context.IndexOf(films[i % 2], StringComparison.Ordinal);
                    return new Example(
                        $"{split}-{i}",
                        "which film ?",
                        context,
                        Answers.Write([new Answer(films[i % 2], start)])
                    );
                })
                .Select(row => changed?.Invoke(row) ?? row);
    }
}
