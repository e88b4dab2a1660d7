using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Tests.Reports;

public sealed class When_a_report_is_written : IDisposable
{
    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Its_rows_carry_the_promised_fields()
    {
        var report = await new SimulatedStudy(_bench) { Preset = "quick" }.WriteJson();
        Assert.Equal(("limited-labels", "r1"), (Text(report["scenario"]), Text(report["run"])));
        Assert.Equal("2026-11-23T05:00:00Z", Text(report["finished"]));

        var rows = report["rows"]!.AsArray();
        Assert.Equal(2 * 3 * 3, rows.Count);
        var row = rows[0]!;
        Assert.Equal("tuned", Text(row["step"]));
        Assert.Equal("minilm", Text(row["model"]));
        Assert.Equal("none", Text(row["strategy"]));
        Assert.Equal("16", Text(row["labelsPerClass"]));
        Assert.Equal(JsonValueKind.Number, row["seed"]!.GetValueKind());
        Assert.Equal(13, (int)row["seed"]!);
        Assert.Equal(("sst2", "test", "none"), (Text(row["dataset"]), Text(row["split"]), Text(row["selectedOn"])));
        Assert.Equal(
            (120, 32, 0, 400),
            (Int(row["n"]), Int(row["labelsTrain"]), Int(row["labelsDev"]), Int(row["updates"]))
        );
        Assert.Equal("quick", Text(row["preset"]));
        var accuracy = row["metrics"]!["accuracy"]!;
        Assert.InRange((double)accuracy["value"]!, (double)accuracy["low"]!, (double)accuracy["high"]!);
        Assert.Equal(12.5, (double)row["seconds"]!);
        Assert.StartsWith("sha256:", Text(row["predictions"]));
    }

    [Theory]
    [InlineData("accuracy", "accuracy", "%")]
    [InlineData("matthews", "matthews", null)]
    [InlineData("pearson", "accuracy", "%")] // which no model of this study has
    public async Task It_names_its_metric_which_is_the_one_of_its_curve(string curve, string metric, string? unit)
    {
        var study = new SimulatedStudy(_bench)
        {
            Report = new ReportSpec
            {
                Curve = new CurveSpec { X = "labelsPerClass", Y = curve },
            },
        };
        var report = await study.WriteJson();
        Assert.Equal((metric, unit), ((string?)report["metric"], (string?)report["unit"]));
    }

    [Fact]
    public async Task Its_summary_is_the_mean_over_seeds_and_counts_what_no_seed_reaches_once()
    {
        var report = await new SimulatedStudy(_bench).WriteJson();
        double[] rows = [.. Rows(report, "tuned", "16").Select(row => (double)row["metrics"]!["accuracy"]!["value"]!)];

        var tuned = Summary(report, "tuned", "16", "accuracy");
        Assert.Equal(rows.Average(), (double)tuned["mean"]!, 1e-12);
        Assert.Equal(3, Int(tuned["seeds"]));
        // t(0.975, 2) = 4.302653.
        var deviation = Math.Sqrt(rows.Sum(value => Math.Pow(value - rows.Average(), 2)) / 2);
        Assert.Equal(deviation, (double)tuned["sd"]!, 1e-12);
        Assert.Equal(rows.Average() - 4.302653 * deviation / Math.Sqrt(3), (double)tuned["low"]!, 1e-6);

        var majority = Summary(report, "majority", "16", "accuracy");
        Assert.Equal(1, Int(majority["seeds"]));
        Assert.Null(majority["sd"]);
        Assert.Null(majority["low"]);
    }

    [Fact]
    public async Task The_first_step_is_compared_with_each_other_one_within_and_across_seeds()
    {
        var report = await new SimulatedStudy(_bench).WriteJson();
        var comparisons = report["comparisons"]!.AsArray().Select(one => one!).ToArray();

        Assert.Equal(2 * 2 * (3 + 1), comparisons.Length);
        Assert.All(comparisons, one => Assert.Equal("tuned", Text(one["a"])));
        var within = comparisons.First(one => Text(one["b"]) == "svm" && Text(one["test"]) == "mcnemar-exact");
        Assert.Equal("16", Text(within["cell"]!["labelsPerClass"]));
        Assert.Equal((13, "accuracy"), (Int(within["seed"]), Text(within["metric"])));
        Assert.Equal(Accuracy("tuned") - Accuracy("svm"), (double)within["difference"]!, 1e-12);

        var across = comparisons.First(one => Text(one["b"]) == "svm" && Text(one["test"]) == "paired-t");
        Assert.Equal(3, Int(across["seeds"]));
        Assert.Null(across["seed"]);
        Assert.InRange((double)across["difference"]!, (double)across["low"]!, (double)across["high"]!);
        Assert.All(comparisons, one => Assert.True((double)one["pHolm"]! >= (double)one["p"]!));
        // The smallest p of m tests is multiplied by m.
        var smallest = comparisons.MinBy(one => (double)one["p"]!)!;
        Assert.Equal(comparisons.Length * (double)smallest["p"]!, (double)smallest["pHolm"]!, 1e-12);

        double Accuracy(string step) => (double)Rows(report, step, "16")[0]["metrics"]!["accuracy"]!["value"]!;
    }

    [Fact]
    public async Task Its_lineage_names_inputs_outputs_keys_and_workers()
    {
        var report = await new SimulatedStudy(_bench).WriteJson();
        var made = report["lineage"]!.AsArray().First(step => Text(step!["step"]) == "tuned")!;
        Assert.Equal(("fine-tune", "worker-1", 1), (Text(made["kind"]), Text(made["worker"]), Int(made["attempts"])));
        Assert.StartsWith("sha256:", Text(made["key"]));
        Assert.False((bool)made["cached"]!);
        var scored = report["lineage"]!.AsArray().First(step => Text(step!["kind"]) == "evaluate")!;
        Assert.Contains(made["outputs"]![0]!.ToString(), scored["inputs"]!.AsArray().Select(Text));
        Assert.Equal(1 + 3 + 1, scored["outputs"]!.AsArray().Count);
        Assert.Equal("2.10.0", Text(report["environment"]!["libtorch"]![0]));
    }

    [Fact]
    public async Task Writing_it_again_gives_the_same_bytes()
    {
        using var other = new StudyBench();
        var first = await new SimulatedStudy(_bench).Write();
        var second = await new SimulatedStudy(other).Write();
        Assert.Equal(first.Files, second.Files);
    }

    [Fact]
    public async Task Steps_without_a_result_are_listed_with_their_reason()
    {
        var study = new SimulatedStudy(_bench) { Failures = new() { ["broken"] = "train.csv, line 7: no label" } };
        var output = await study.Write();
        var report = JsonNode.Parse(_bench.Text(output.Files!["report.json"]))!;
        var failed = Assert.Single(report["unfinished"]!.AsArray())!;
        Assert.Equal(("broken", "failed"), (Text(failed["step"]), Text(failed["state"])));
        Assert.Equal("train.csv, line 7: no label", Text(failed["error"]));
        Assert.Contains("train.csv, line 7: no label", _bench.Text(output.Files["report.html"]));
        Assert.Contains("train.csv, line 7: no label", _bench.Text(output.Files["report.md"]));
        Assert.Contains("1 step of 25 came to no result", _bench.Text(output.Files["report.md"]));
    }

    [Fact]
    public async Task A_run_that_scored_nothing_still_has_a_report()
    {
        var study = new SimulatedStudy(_bench)
        {
            Labels = [],
            Failures = new() { ["tuned"] = "out of memory" },
        };
        var output = await study.Write();
        Assert.Contains("No model was scored", _bench.Text(output.Files!["report.html"]));
        Assert.Empty(JsonNode.Parse(_bench.Text(output.Files["report.json"]))!["rows"]!.AsArray());
    }

    [Fact]
    public async Task A_nil_gain_is_said_to_be_one()
    {
        var report = await new SimulatedStudy(_bench).WriteJson();
        var against = report["headline"]!.AsArray().Select(Text).First(sentence => sentence.Contains("than svm"));
        Assert.StartsWith("tuned scored higher than svm with all labels per class, by ", against);
        Assert.Contains("no gain could be shown with 16 labels per class (", against);
        Assert.Contains("95 % interval", against);
        Assert.Contains("p = ", against);
        Assert.Contains(
            "No gain of tuned over svm could be shown with 16 labels per class.",
            report["warnings"]!.AsArray().Select(Text)
        );
    }

    [Fact]
    public async Task Models_that_score_the_same_have_no_gain_anywhere()
    {
        var study = new SimulatedStudy(_bench)
        {
            Accuracies = new() { ["tuned"] = [0.7, 0.7], ["svm"] = [0.7, 0.7] },
            Report = new ReportSpec { Compare = ["tuned", "svm"] },
        };
        var headline = Assert.Single((await study.WriteJson())["headline"]!.AsArray());
        Assert.StartsWith("No gain of tuned over svm could be shown", Text(headline));
    }

    [Fact]
    public async Task Fewer_updates_texts_read_before_and_uncompared_steps_are_warned_of()
    {
        var train = await _bench.Split("train", ["text 0|yes", "Text 1|no", "else|no"]);
        var study = new SimulatedStudy(_bench)
        {
            Preset = "quick",
            Report = new ReportSpec { Compare = ["tuned", "svm", "nobody"] },
            Card = card =>
                card with
                {
                    Updates = card.Updates == 0 ? 0 : 50,
                    Ancestry = [new SplitUse("sst2", train, "training")],
                    Notes = card.Updates == 0 ? [] : ["classifier.weight started new"],
                },
        };
        var warnings = (await study.WriteJson())["warnings"]!.AsArray().Select(Text).ToArray();
        Assert.Contains(
            "tuned was trained with 50 updates, fewer than the 400 that fewer than 1000 rows need (preset quick).",
            warnings
        );
        Assert.Contains(
            "2 of 120 test texts of sst2 were read in training, by tuned, svm and majority or the models that they started from; "
                + "their figures without these texts stand beside.",
            warnings
        );
        Assert.Contains(
            "tuned and nobody could not be compared: none of their models were scored on the same rows, or one seed of predicted numbers or tags allows no test.",
            warnings
        );
        Assert.Contains("tuned: classifier.weight started new", warnings);
    }

    [Fact]
    public async Task Steps_with_as_few_updates_are_warned_of_in_one_line()
    {
        var study = new SimulatedStudy(_bench)
        {
            Accuracies = new()
            {
                ["tuned"] = [0.7, 0.7],
                ["smoothed"] = [0.7, 0.7],
                ["short"] = [0.7, 0.7],
            },
            Card = card => card with { Updates = card.Updates == 0 ? 50 : 40 },
        };
        var warnings = (await study.WriteJson())["warnings"]!.AsArray().Select(Text);
        Assert.Equal(
            ["tuned was trained with 40 updates", "smoothed and short were trained with 50 updates"],
            warnings
                .Where(warning => warning.Contains("updates, fewer than the 400"))
                .Select(warning => warning.Split(',')[0])
        );
    }

    [Fact]
    public async Task A_collapse_is_told_before_the_figures_and_not_among_the_notes()
    {
        var study = new SimulatedStudy(_bench)
        {
            Seeds = [13],
            Card = card => card.Updates == 0 ? card : card with { Notes = ["Collapsed: every text is predicted no."] },
        };

        var written = (await study.Write()).Files!;

        var report = _bench.Text(written["report.md"]);
        Assert.Matches(@"Before you rely on this\*\*\s+- tuned collapsed.*: every text is predicted no\.", report);
        Assert.DoesNotContain("Collapsed", report);
    }

    [Fact]
    public async Task A_note_of_several_steps_is_told_once_and_apart_from_the_warnings()
    {
        var study = new SimulatedStudy(_bench)
        {
            Seeds = [13],
            Card = card => card with { Notes = ["Features: mean embeddings."] },
        };

        var written = (await study.Write()).Files!;

        const string Note = "tuned, svm and majority: Features: mean embeddings.";
        var warnings = JsonNode.Parse(_bench.Text(written["report.json"]))!["warnings"]!.AsArray().Select(Text);
        Assert.Single(warnings, Note);
        var markdown = _bench.Text(written["report.md"]).Split("## Notes of the steps");
        Assert.Contains("Before you rely on this", markdown[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Features", markdown[0], StringComparison.Ordinal);
        Assert.Contains($"- {Note}\n", markdown[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Size_speed_and_memory_stand_side_by_side_and_not_in_the_rows()
    {
        var study = new SimulatedStudy(_bench) { Card = card => card with { PeakMemory = 250_000_000 } };
        var output = await study.Write();
        var report = JsonNode.Parse(_bench.Text(output.Files!["report.json"]))!;

        var costs = report["costs"]!.AsArray();
        Assert.Equal(2 * 3, costs.Count);
        var tuned = costs.Single(cost => Text(cost!["step"]) == "tuned" && Text(cost["labelsPerClass"]) == "16")!;
        Assert.Equal((12.5, 250e6), ((double)tuned["trainingSeconds"]!, (double)tuned["peakMemory"]!));
        // 120 texts in two seconds.
        Assert.Equal(60, (double)tuned["textsPerSecond"]!);
        Assert.True((double)tuned["bytes"]! > 1000);
        Assert.Contains("| tuned | minilm | labels per class 16 | 0 | 0.0", _bench.Text(output.Files["report.md"]));
        Assert.Contains("| 12.5 | 250.0 | 60.0 |", _bench.Text(output.Files["report.md"]));
        Assert.Contains("Size, speed and memory", _bench.Text(output.Files["report.html"]));
        Assert.All(report["rows"]!.AsArray(), row => Assert.Null(row!["peakMemory"] ?? row["textsPerSecond"]));
    }

    [Fact]
    public async Task What_was_scored_before_costs_were_measured_has_none()
    {
        var test = await _bench.Split("test", ["a|yes", "b|no"]);
        var input = new StepInput("models.0", GivenAs: "mine", Model: await _bench.Model([]));
        var output = _bench.Evaluate(
            "test",
            new StepInput("dataset", Dataset: StudyBench.Dataset("small", test)),
            input
        );
        var report = await Report(new Dictionary<string, string>(), output with { Files = null }, input);
        Assert.Equal(
            """{"step":"mine","model":"minilm","strategy":"none","dataset":"small","split":"test","trainingSeconds":12.5}""",
            report["costs"]![0]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Matrix_keys_are_camel_cased_and_do_not_hide_a_field()
    {
        var test = await _bench.Split("test", ["a|yes", "b|no"]);
        var dataset = StudyBench.Dataset("small", test);
        var input = new StepInput("models.0", GivenAs: "mine", Model: await _bench.Model([]));
        var report = await Report(
            new Dictionary<string, string>
            {
                ["learning-rate"] = "5e-5",
                ["model"] = "first",
                ["strategy"] = "contrastive",
            },
            _bench.Evaluate("test", new StepInput("dataset", Dataset: dataset), input),
            input
        );

        var row = report["rows"]![0]!;
        Assert.Equal(("mine", "minilm", "contrastive"), (Text(row["step"]), Text(row["model"]), Text(row["strategy"])));
        Assert.Equal(("5e-5", "first"), (Text(row["learningRate"]), Text(row["matrixModel"])));
    }

    /// <summary>Of a run that has one evaluation.</summary>
    private async Task<JsonNode> Report(Dictionary<string, string> cell, StepOutput scored, StepInput model)
    {
        var scores = StudyBench.Step("scores", StepKinds.Evaluate, new EvaluationSpec(), model) with
        {
            Cell = cell,
            State = StepState.Completed,
            Output = scored,
        };
        await _bench.Steps.InsertAsync(scores);
        var report = StudyBench.Step("report", StepKinds.Report, new ReportSpec());
        await _bench.Runs.InsertAsync(
            new RunDocument
            {
                Id = "r1",
                Scenario = "s",
                Source = "",
                Report = new ReportSpec(),
                Steps = [scores.Id, report.Id],
                Submitted = DateTimeOffset.UnixEpoch,
            }
        );
        var output = new TransferPipeline.Evaluation.Reports.ReportHandler(_bench.Runs, _bench.Steps).Handle(
            _bench.Work(report)
        );
        return JsonNode.Parse(_bench.Text(output.Files!["report.json"]))!;
    }

    private static JsonNode[] Rows(JsonNode report, string step, string labels) =>
        [
            .. report["rows"]!
                .AsArray()
                .Select(row => row!)
                .Where(row => Text(row["step"]) == step && Text(row["labelsPerClass"]) == labels),
        ];

    private static JsonNode Summary(JsonNode report, string step, string labels, string metric) =>
        report["summary"]!
            .AsArray()
            .Single(one =>
                Text(one!["step"]) == step && Text(one["labelsPerClass"]) == labels && Text(one["metric"]) == metric
            )!;

    private static string Text(JsonNode? value) => value!.GetValue<string>();

    private static int Int(JsonNode? value) => value!.GetValue<int>();
}
