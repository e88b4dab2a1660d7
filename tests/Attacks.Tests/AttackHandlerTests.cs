using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Tests;

public sealed class When_a_step_attacks_a_model : IDisposable
{
    private static readonly string[] Texts =
    [
        "a film",
        "the music was loud and the story thin , but nobody left before the end of it",
        "quiet , patient work",
        "twelve people talk in a room for two hours",
        "it rains",
        "somebody wrote this scene in a hurry and nobody read it again before they filmed it",
    ];

    private static readonly AttackSpec Spec = new() { Recipe = "deepwordbug", Seed = 3 };

    private readonly AttackBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_log_tells_of_every_example_in_its_order()
    {
        var output = _bench.Attack(_bench.Dataset(Texts), Spec);

        var log = Log(output);
        Assert.Equal(Texts, log.Select(one => one.Text));
        Assert.All(log, one => Assert.NotEqual(AttackOutcome.Skipped, one.Outcome));
        Assert.All(log, one => Assert.InRange(one.Forwards, 1, one.Queries));
        var summary = JsonSerializer.Deserialize<AttackSummary>(
            _bench.Text(output.Files![AttackSummary.File]),
            WireFormat.Options
        )!;
        Assert.Equal(("deepwordbug", "test", 6), (summary.Recipe, summary.Split.Name, summary.Examples));
        Assert.Equal(output.Files["attacks.jsonl"], summary.Log);
        var table = _bench.Text(output.Files["attacks.csv"]).Split("\r\n");
        Assert.Equal(Texts.Length + 2, table.Length);
        Assert.StartsWith("id,outcome,label,", table[0], StringComparison.Ordinal);
        Assert.Equal(log.Count(one => one.Perturbed != one.Text), table.Count(line => line.Contains("]]")));
    }

    [Fact]
    public void An_attack_that_was_cut_off_goes_on_and_gives_the_same_log()
    {
        var dataset = _bench.Dataset(Texts);
        var whole = _bench.Attack(dataset, Spec);

        using var stop = new CancellationTokenSource();
        _bench.AtReport = stop.Cancel;
        Assert.ThrowsAny<OperationCanceledException>(() => _bench.Attack(dataset, Spec, stop.Token));
        var reports = 0;
        _bench.AtReport = () => reports++;
        var resumed = _bench.Attack(dataset, Spec);

        Assert.InRange(reports, 1, Texts.Length - 1);
        Assert.Equal(whole.Files, resumed.Files);
        Assert.Equal(whole.Dataset!.Id, resumed.Dataset!.Id);
    }

    [Theory]
    [InlineData(2, "test")]
    [InlineData(4, "train")]
    [InlineData(9, "test")]
    public void In_parts_it_gives_the_same_log_and_the_same_dataset(int shards, string split)
    {
        var dataset = _bench.Dataset(Texts);
        var spec = Spec with { Split = split };
        var alone = _bench.Attack(dataset, spec);

        var inParts = spec with { Shards = shards };
        var parts = Enumerable
            .Range(0, shards)
            .Select(shard => _bench.Attack(dataset, inParts with { Shard = shard }))
            .ToList();
        var whole = _bench.Attack(dataset, inParts, pieces: parts);

        Assert.Equal(Texts.Length, parts.Sum(part => Log(part).Count));
        Assert.All(parts, part => Assert.Null(part.Dataset));
        Assert.Equal(alone.Files, whole.Files);
        Assert.Equal(alone.Dataset!.Id, whole.Dataset!.Id);
    }

    [Fact]
    public void Noise_changes_its_share_of_the_words_and_asks_once()
    {
        var dataset = _bench.Dataset(Texts);
        var noisy = Log(_bench.Attack(dataset, Spec with { Noise = 0.3 }));
        var louder = Log(_bench.Attack(dataset, Spec with { Noise = 1 }));

        Assert.All(noisy, one => Assert.InRange(one.Queries, 1, 2));
        Assert.All(noisy, one => Assert.Equal(Math.Min(Math.Max(1, one.Words * 3 / 10), Free(one)), one.WordsChanged));
        Assert.All(louder, one => Assert.True(one.WordsChanged >= Free(one) - 1));
        Assert.Equal(noisy, Log(_bench.Attack(dataset, Spec with { Noise = 0.3 })));
        Assert.NotEqual(noisy, Log(_bench.Attack(dataset, Spec with { Noise = 0.3, Seed = 4 })));
        Assert.Contains(
            "noise in 30 % of words",
            _bench.Text(_bench.Attack(dataset, Spec with { Noise = 0.3 }).Files![AttackSummary.File])
        );

        static int Free(AttackedText one) =>
            PerturbedText.Of(one.Text).Words.Count(word => !LexiconSet.BuiltIn.StopWords.ContainsAsWritten(word.Word));
    }

    [Fact]
    public void Attacked_examples_of_test_become_a_dataset_of_that_split_alone()
    {
        var dataset = _bench.Dataset(Texts);
        var output = _bench.Attack(dataset, Spec);

        var fooled = Log(output).Where(one => one.Outcome is AttackOutcome.Successful).ToList();
        Assert.NotEmpty(fooled);
        Assert.Equal(["test"], output.Dataset!.Splits.Select(split => split.Name));
        Assert.Contains(dataset.Find("test")!.Id, output.Dataset.Splits[0].CutFrom);
        var rows = _bench.Rows(output.Dataset, "test");
        Assert.Equal(fooled.Select(one => one.Perturbed), rows.Select(row => row.Text));
        Assert.All(rows, row => Assert.Equal(ExampleOrigin.Attacked, row.Origin));
        Assert.Equal(fooled.Select(one => one.Id), rows.Select(row => row.Source));
        Assert.Equal(fooled.Select(one => one.Label), rows.Select(row => row.Label));
    }

    [Fact]
    public void Attacked_train_examples_are_added_to_train()
    {
        var dataset = _bench.Dataset(Texts);
        var output = _bench.Attack(dataset, Spec with { Split = "train", Examples = 3 });

        Assert.Equal(3, Log(output).Count);
        var rows = _bench.Rows(output.Dataset!, "train");
        Assert.Equal(Texts, rows.Take(Texts.Length).Select(row => row.Text));
        Assert.All(rows.Skip(Texts.Length), row => Assert.Equal(ExampleOrigin.Attacked, row.Origin));
        Assert.Equal(dataset.Find("test"), output.Dataset!.Find("test"));
    }

    [Fact]
    public void Fewer_examples_are_spread_over_the_split()
    {
        var output = _bench.Attack(_bench.Dataset(Texts), Spec with { Examples = 2 });

        Assert.Equal([Texts[0], Texts[3]], Log(output).Select(one => one.Text));
    }

    [Fact]
    public void A_recipe_of_parts_takes_the_models_that_it_asks_for()
    {
        var spec = Spec with
        {
            Recipe = "",
            Budget = 60,
            Parts = new()
            {
                Name = "foretold",
                Transformation = new() { Foretold = 4 },
                Constraints = new() { LeastSimilarity = 0.5, Words = 2 },
                Search = new() { Kind = "word-importance", Importance = "gradient" },
            },
        };
        (string, string)[] models = [("maskedModel", "bert-masked-lm"), ("encoder", "bert-masked-lm")];
        var dataset = _bench.Dataset(Texts);

        var output = _bench.Attack(dataset, spec, models);

        var log = Log(output);
        Assert.Contains(log, one => one.Perturbed != one.Text);
        Assert.All(log, one => Assert.InRange(one.WordsChanged, 0, 2));
        Assert.Contains("\"recipe\":\"foretold\"", _bench.Text(output.Files![AttackSummary.File]));
        Assert.Equal(output.Files, _bench.Attack(dataset, spec, models).Files);
        Refused(dataset, spec, "maskedModel: recipe foretold needs a masked language model");
    }

    [Fact]
    public void What_cannot_be_attacked_is_refused()
    {
        Refused(_bench.Dataset(Texts), Spec with { Split = "dev" }, "has no split 'dev'; it has train, test");
        Refused(_bench.Dataset(Texts), Spec with { Recipe = "pwws" }, "recipe pwws needs a pack of kind wordnet");
        Refused(_bench.Dataset(["a text", "..."], name => name), Spec, "example 'row-1' has no word to attack");
        Refused(_bench.Dataset(Texts, name => name + "!"), Spec, "it does not know label 'LABEL_0!'");
        Refused(
            _bench.Dataset(Texts) with
            {
                Task = TaskType.Regression,
            },
            Spec,
            "the task here is Regression; expected labels of texts or of pairs, or questions"
        );
    }

    [Fact]
    public void Texts_of_which_nothing_may_change_are_refused_where_all_are_such()
    {
        Refused(
            _bench.Dataset(["the and of", "it was not that"], name => name),
            Spec,
            "recipe deepwordbug may change no word of any of the 2 examples"
        );

        var log = Log(_bench.Attack(_bench.Dataset(["the and of", "a film"], name => name), Spec));
        Assert.Equal((AttackOutcome.Failed, 1), (log[0].Outcome, log[0].Queries));
    }

    [Fact]
    public void A_text_that_is_longer_than_the_model_reads_is_cut_and_refused_where_the_step_is_strict()
    {
        var dataset = _bench.Dataset(["a film", string.Join(' ', Enumerable.Repeat("film", 600))], name => name);
        var spec = Spec with { Budget = 10 };

        Assert.Equal(600, Log(_bench.Attack(dataset, spec))[1].Words);
        Refused(
            dataset,
            spec with
            {
                Strict = true,
            },
            "tokens of example 'row-1' stand beyond what the model reads; expected none, as 'strict' is true"
        );
    }

    private void Refused(DatasetRef dataset, AttackSpec spec, string message) =>
        Assert.Contains(
            message,
            Assert.Throws<BadInputException>(() => _bench.Attack(dataset, spec)).Message,
            StringComparison.Ordinal
        );

    private List<AttackedText> Log(StepOutput output) =>
        [
            .. _bench
                .Text(output.Files!["attacks.jsonl"])
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<AttackedText>(line, WireFormat.Options)!),
        ];
}
