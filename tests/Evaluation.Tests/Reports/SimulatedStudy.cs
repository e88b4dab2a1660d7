using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Reports;
using TransferPipeline.Modelling.Training;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Tests.Reports;

/// <summary>A run over labels per class and seeds whose models get a given share of the test rows right.</summary>
internal sealed class SimulatedStudy(StudyBench bench)
{
    private readonly List<string> _order = [];

    public string[] Labels { get; init; } = ["16", "full"];

    public int[] Seeds { get; init; } = [13, 21, 42];

    public int Rows { get; init; } = 120;

    /// <summary>Per step: the share right at each of the label counts.</summary>
    public Dictionary<string, double[]> Accuracies { get; init; } =
        new()
        {
            ["tuned"] = [0.7, 0.95],
            ["svm"] = [0.7, 0.6],
            ["majority"] = [0.5, 0.5],
        };

    public ReportSpec Report { get; init; } =
        new()
        {
            Compare = ["tuned", "svm", "majority"],
            Curve = new CurveSpec { X = "labelsPerClass", Y = "accuracy" },
        };

    public string Scenario { get; init; } = "limited-labels";

    /// <summary>Seen texts, notes and the like of every model.</summary>
    public Func<ModelCard, ModelCard> Card { get; init; } = card => card;

    /// <summary>Steps that failed, with their errors.</summary>
    public Dictionary<string, string> Failures { get; init; } = [];

    public string? Preset { get; init; }

    public DatasetRef? Dataset { get; private set; }

    /// <summary>Stores everything but the report, and gives the report step's output.</summary>
    public async Task<StepOutput> Write()
    {
        var texts = Enumerable.Range(0, Rows).Select(row => $"text {row}|{(row % 2 == 0 ? "yes" : "no")}").ToArray();
        Dataset = StudyBench.Dataset("sst2", await bench.Split("test", texts));
        foreach (var (labels, level) in Labels.Select((labels, level) => (labels, level)))
        foreach (var seed in Seeds)
            await Cell(labels, level, seed);
        foreach (var (name, error) in Failures)
            await Insert(
                StudyBench.Step(name, StepKinds.FineTune, new FineTuningSpec()) with
                {
                    State = StepState.Failed,
                    Error = error,
                }
            );

        var report = StudyBench.Step("report", StepKinds.Report, Report);
        await bench.Runs.InsertAsync(
            new RunDocument
            {
                Id = "r1",
                Scenario = Scenario,
                Source = $"name: {Scenario}\nsteps: …\n",
                Overrides = ["seed=13,21,42"],
                Preset = Preset,
                Report = Report,
                MatrixKeys = ["labelsPerClass", "seed"],
                Steps = [.. _order, report.Id],
                Submitted = new DateTimeOffset(2026, 11, 23, 4, 0, 0, TimeSpan.Zero),
            }
        );
        return new ReportHandler(bench.Runs, bench.Steps).Handle(bench.Work(report));
    }

    public async Task<JsonNode> WriteJson() => JsonNode.Parse(bench.Text((await Write()).Files!["report.json"]))!;

    private async Task Cell(string labels, int level, int seed)
    {
        var cell = new Dictionary<string, string> { ["labelsPerClass"] = labels, ["seed"] = $"{seed}" };
        var inputs = new List<StepInput> { new("dataset", Dataset: Dataset) };
        foreach (var (name, shares) in Accuracies)
        {
            // The majority class needs no seed; nor does anything that learns from every row by a fixed rule.
            var fixedRule = name == "majority" || (name.StartsWith("svm") && labels == "full");
            var maker = await Maker(name, cell, shares[level], fixedRule ? 0 : seed);
            inputs.Add(new StepInput($"models.{inputs.Count - 1}", new StepId(maker.Id), Model: maker.Output!.Model));
        }

        var evaluation = StudyBench.Step(
            "scores",
            StepKinds.Evaluate,
            new EvaluationSpec { Resamples = 100 },
            [.. inputs]
        ) with
        {
            Id = $"r1.scores.{labels}-{seed}",
            Cell = cell,
            State = StepState.Completed,
            Ended = new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.Zero),
        };
        await Insert(evaluation with { Output = bench.Evaluate("test", [.. inputs]) });
    }

    private async Task<StepDocument> Maker(string name, Dictionary<string, string> cell, double share, int seed)
    {
        var labels = cell["labelsPerClass"];
        var random = new CounterRandom(seed, name + labels);
        share += (random.NextDouble() - 0.5) * 0.04;
        var answers = Enumerable
            .Range(0, Rows)
            .ToDictionary(row => $"text {row}", row => Answer(row % 2 == 0, random.NextDouble() < share, random));
        var transformer = name is "tuned" or "random-weights";
        var card = Card(
            StudyBench.Card() with
            {
                Root = transformer ? "minilm" : name,
                Seed = seed,
                LabelsTrain = labels == "full" ? 6920 : 2 * long.Parse(labels),
                LabelsDev = 0,
                Updates = transformer ? 400 : 0,
                Environment = new Dictionary<string, string>
                {
                    ["processor"] = "2 cores, AVX-512",
                    ["precision"] = "fp32",
                    ["libtorch"] = "2.10.0",
                },
            }
        );
        var kind = transformer ? StepKinds.FineTune : StepKinds.Baseline;
        var maker = StudyBench.Step(
            name,
            kind,
            transformer ? new FineTuningSpec { Seed = seed } : new BaselineSpec()
        ) with
        {
            Id = $"r1.{name}.{labels}-{cell["seed"]}",
            Cell = cell,
            State = StepState.Completed,
            Key = ContentHash.Of($"{name} {labels} {seed}"),
            Worker = "worker-1",
            Attempts = 1,
            Output = new StepOutput(Model: await bench.Model(answers, card)),
        };
        await Insert(maker);
        return maker;
    }

    private static float Answer(bool yes, bool right, CounterRandom random)
    {
        var sure = 0.55f + 0.4f * (float)random.NextDouble();
        return yes == right ? sure : 1 - sure;
    }

    private async Task Insert(StepDocument step)
    {
        _order.Add(step.Id);
        Assert.True(await bench.Steps.InsertAsync(step));
    }
}
