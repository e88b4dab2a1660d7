using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using TransferPipeline.Contracts;
using TransferPipeline.Pipeline.Tests.Hub;
using TransferPipeline.Standalone;
using TransferPipeline.Standalone.Remote;
using TransferPipeline.Standalone.Serving;
using TransferPipeline.Standalone.Terminals;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Remote;

public sealed class When_a_study_is_handed_to_a_server : IAsyncLifetime
{
    private readonly StudyFolder _study = new();
    private readonly TemporaryFolder _server = new();
    private PipelineServer _pipeline = null!;

    public async ValueTask InitializeAsync()
    {
        _pipeline = PipelineServer.Create(
            new CommandContext(_server["home"], Verbose: false, Terminal.Open(json: true)),
            "http://127.0.0.1:0"
        );
        await _pipeline.App.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync();
        _server.Dispose();
        _study.Dispose();
    }

    [Fact]
    public async Task Its_paths_are_uploaded_and_its_rows_equal_those_of_this_process()
    {
        var rows = _study.Write(
            "rows.json",
            """{ "samples": [ { "labelsPerClass": 8, "seed": 13, "rows": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] } ] }"""
        );
        var scenario = Scenarios
            .Baselines.Replace(
                "inputs: { dataset:, model: }",
                "inputs: { dataset:, model:, rows: }",
                StringComparison.Ordinal
            )
            .Replace("labelsPerClass: [8, 16]", "labelsPerClass: [8]", StringComparison.Ordinal);
        string[] more = ["--set", $"rows={rows}"];

        var here = await _study.RunAsync(scenario, more);
        var there = await _study.RunAsync(scenario, [.. more, .. ToServer(), "--out", _study["out"]]);

        Assert.True(there.ExitCode == 0, there.Error);
        Assert.Equal(0, here.ExitCode);
        Assert.Equal("completed", (string?)there.Json["run"]!["state"]);
        Assert.Equal(ReportRows.Of(here.Json["report"]!), ReportRows.Of(there.Json["report"]!));
        Assert.Equal(
            ["report.html", "report.json", "report.md"],
            Directory.EnumerateFiles(_study["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            there.Json["report"]!.ToJsonString(),
            JsonNode.Parse(await File.ReadAllTextAsync(_study["out", "report.json"], Cancellation))!.ToJsonString()
        );

        var id = (string?)there.Json["run"]!["id"];
        var steps = await TransferAsync("steps", id!, "--json");
        Assert.All(steps.Json.AsArray(), step => Assert.Equal("completed", (string?)step!["state"]));
        Assert.Contains(id!, (await TransferAsync("runs")).Output, StringComparison.Ordinal);
        Assert.Equal(
            there.Json["report"]!.ToJsonString(),
            (await TransferAsync("report", id!, "--json", "--out", _study["again"])).Json.ToJsonString()
        );
    }

    [Fact]
    public async Task Datasets_and_models_are_stored_there_and_not_here()
    {
        var dataset = await TransferAsync("ingest", _study.Reviews, "--name", "reviews", "--json");
        var model = await TransferAsync("models", "import", StudyFolder.TinyBert, "--name", "tiny");

        Assert.True(dataset.ExitCode == 0, dataset.Error);
        Assert.True(model.ExitCode == 0, model.Error);
        Assert.Equal("reviews@1", (string?)dataset.Json["document"]!["id"]);
        Assert.Equal("Stored model tiny@1.", model.Output.Trim());
        Assert.Equal(
            "reviews@1",
            (string?)Assert.Single((await TransferAsync("datasets", "--json")).Json.AsArray())!["id"]
        );
        Assert.Equal("tiny@1", (string?)Assert.Single((await TransferAsync("models", "--json")).Json.AsArray())!["id"]);
        Assert.Empty((await TransferProcess.RunAsync(_study.Home, "datasets", "--json")).Json.AsArray());

        var again = await TransferAsync("ingest", _study.Reviews, "--name", "reviews", "--json");
        Assert.False((bool)again.Json["isNew"]!);
    }

    [Fact]
    public async Task A_model_comes_back_from_it_as_the_folder_it_was()
    {
        await TransferAsync("models", "import", StudyFolder.TinyBert, "--name", "tiny");

        var outcome = await TransferAsync("models", "export", "tiny@1", _study["out"]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(FolderContent.Of(StudyFolder.TinyBert), FolderContent.Of(_study["out"]));
    }

    [Fact]
    public async Task A_model_of_a_hub_is_fetched_here_and_stored_there_with_its_source()
    {
        await using var hub = await FakeHub.StartAsync(
            GoldenFolders.Of("bert-sequence-classification")[0],
            "config.json",
            "vocab.txt",
            "model.safetensors"
        );

        var outcome = await TransferAsync("models", "pull", "acme/model", "--from", hub.Address.ToString());

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var model = Assert.Single((await TransferAsync("models", "--json")).Json.AsArray())!;
        Assert.Equal("model@1", (string?)model["id"]);
        using var api = new ApiClient(new Uri(_pipeline.App.Urls.Single()), _pipeline.OneTimeKey!, TimeProvider.System);
        var card = await api.GetAsync<ModelCard>($"api/artefacts/{model["model"]!["card"]!["hash"]}", Cancellation);
        Assert.Equal($"{hub.Address}acme/model@{FakeHub.Commit}", card.Source);

        var wrong = await Assert.ThrowsAsync<BadInputException>(() =>
            api.PostAsync<JsonObject>("api/models?name=x&source=a%20b", null, Cancellation)
        );
        Assert.Contains("source 'a b' is no address", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Splits_shares_and_columns_mean_the_same_there_as_here()
    {
        var train = _study.Write("a.csv", Rows("body,stars", 200));
        var test = _study.Write("b.csv", Rows("body,stars", 20));
        string[] arguments =
        [
            "ingest",
            train,
            "--name",
            "cut",
            "--split",
            $"test={test}",
            "--split",
            "dev=0.25",
            "--seed",
            "7",
            "--text",
            "body",
            "--label",
            "stars",
            "--task",
            "classification",
            "--format",
            "csv",
            "--encoding",
            "latin1",
            "--json",
        ];

        var there = await TransferAsync(arguments);
        var here = await TransferProcess.RunAsync(_study.Home, arguments);

        Assert.True(there.ExitCode == 0, there.Error);
        Assert.Equal((string?)here.Json["document"]!["datasetId"], (string?)there.Json["document"]!["datasetId"]);
        Assert.Equal(["train", "dev", "test"], here.Json["document"]!["dataset"]!["splits"]!.AsArray().Select(Name));
        Assert.True(JsonNode.DeepEquals(here.Json["statistics"]!["splits"], there.Json["statistics"]!["splits"]));

        static string? Name(JsonNode? split) => (string?)split!["name"];
        static string Rows(string header, int count) =>
            header
            + "\n"
            + string.Concat(
                Enumerable.Range(0, count).Select(row => $"text {row} of {count},{(row % 2 == 0 ? "up" : "down")}\n")
            );
    }

    [Fact]
    public async Task Who_stops_watching_does_not_stop_the_run()
    {
        using var watcher = Start([
            "run",
            _study.Write("long.yaml", Scenarios.LongTraining(100_000)),
            "--set",
            $"dataset={_study.Reviews}",
            "--set",
            $"model={StudyFolder.TinyBert}",
        ]);
        var run = await UntilAsync(async () =>
            (await TransferAsync("runs", "--json")).Json.AsArray().FirstOrDefault()?["id"]?.ToString()
        );
        await watcher.OutputAsync(run);

        watcher.Terminate();
        var outcome = await watcher.EndAsync();

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains($"Run {run} goes on", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("running", (string?)(await TransferAsync("runs", "--json")).Json[0]!["state"]);
        using var again = Start(["resume", run]);
        await again.OutputAsync("update ");
        Assert.Equal(0, (await TransferAsync("cancel", run)).ExitCode);
        Assert.Equal(3, (await again.EndAsync()).ExitCode);
        await UntilAsync(async () =>
            (string?)(await TransferAsync("runs", "--json")).Json[0]!["state"] == "cancelled" ? run : null
        );
        var resumed = await TransferAsync("resume", run);
        Assert.Equal(2, resumed.ExitCode);
        Assert.Contains("has ended already: cancelled", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_as_it_would_be_here()
    {
        var ragged = _study.Write("ragged.csv", "text,label\nfine,pos\nbad,neg,more\n");

        var file = await TransferAsync("ingest", ragged, "--name", "ragged");
        var run = await TransferAsync("steps", "no-such-run");
        var scenario = await TransferAsync(
            "run",
            _study.Write("s.yaml", Scenarios.Baselines),
            "--set",
            "dataset=nowhere",
            "--set",
            $"model={StudyFolder.TinyBert}"
        );

        Assert.Equal((2, 2, 2), (file.ExitCode, run.ExitCode, scenario.ExitCode));
        Assert.Contains("ragged.csv: line 3, column 9", file.Error, StringComparison.Ordinal);
        Assert.Contains("no-such-run", run.Error, StringComparison.Ordinal);
        Assert.Contains("there is no dataset 'nowhere' on the server", scenario.Error, StringComparison.Ordinal);
        Assert.Empty((await TransferAsync("datasets", "--json")).Json.AsArray());
        Assert.Empty((await TransferAsync("models", "--json")).Json.AsArray());
    }

    [Fact]
    public async Task A_run_is_cancelled_from_elsewhere_and_its_watcher_says_so()
    {
        using var watcher = Start([
            "run",
            _study.Write("long.yaml", Scenarios.LongTraining(100_000)),
            "--set",
            $"dataset={_study.Reviews}",
            "--set",
            $"model={StudyFolder.TinyBert}",
            "--json",
        ]);
        var run = await UntilAsync(async () =>
            (await TransferAsync("runs", "--json")).Json.AsArray().FirstOrDefault()?["id"]?.ToString()
        );

        var cancelled = await TransferAsync("cancel", run);
        var outcome = await watcher.EndAsync();

        Assert.True(cancelled.ExitCode == 0, cancelled.Error);
        Assert.True(outcome.ExitCode == 3, outcome.Error);
        Assert.Equal("cancelled", (string?)outcome.Json["run"]!["state"]);

        var retried = Start(["retry", run, "--json"]);
        await UntilAsync(async () =>
            (string?)(await TransferAsync("runs", "--json")).Json[0]!["state"] == "running" ? run : null
        );
        await TransferAsync("cancel", run);
        Assert.Equal(3, (await retried.EndAsync()).ExitCode);
        retried.Dispose();
    }

    [Fact]
    public async Task A_scenario_is_registered_there_and_started_by_the_dataset_that_it_waits_for()
    {
        await TransferAsync("models", "import", StudyFolder.TinyBert, "--name", "tiny");
        var nightly = _study.Write(
            "nightly.yaml",
            "on: { dataset-ingested: { name: 'rev*' } }\n"
                + Scenarios.Baselines.Replace("model: }", "model: tiny }", StringComparison.Ordinal)
        );

        var added = await TransferAsync("scenarios", "add", nightly);
        await TransferAsync("ingest", _study.Reviews, "--name", "reviews");
        var run = await UntilAsync(async () =>
            (await TransferAsync("runs", "--json")).Json.AsArray().FirstOrDefault() is { } started
            && (string?)started["state"] == "completed"
                ? started.ToJsonString()
                : null
        );
        var listed = Assert.Single((await TransferAsync("scenarios", "list", "--json")).Json.AsArray())!;
        var removed = await TransferAsync("scenarios", "remove", "baselines");
        var twice = await TransferAsync("scenarios", "remove", "baselines");
        var wrong = await TransferAsync("scenarios", "add", _study.Write("idle.yaml", Scenarios.Baselines));

        Assert.Equal((0, 0, 2, 2), (added.ExitCode, removed.ExitCode, twice.ExitCode, wrong.ExitCode));
        Assert.Contains("dataset rev* (as dataset)", added.Error + added.Output, StringComparison.Ordinal);
        Assert.Equal("reviews@1", (string?)JsonNode.Parse(run)!["startedBy"]!["event"]);
        Assert.Equal((1, "reviews@1"), ((int?)listed["started"], (string?)listed["last"]));
        Assert.Contains("no scenario 'baselines' is registered", twice.Error, StringComparison.Ordinal);
        Assert.Contains("idle.yaml:5:3", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cleaning_tells_what_would_go_there()
    {
        await TransferAsync("ingest", _study.Reviews, "--name", "reviews");

        var outcome = await TransferAsync("clean", "--older-than", "0", "--dry-run");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal("Would remove 0 artefacts, 0.0 MB.", outcome.Output.Trim());
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string[] ToServer() =>
        ["--server", _pipeline.App.Urls.Single(), "--key-file", _study.Write("key", _pipeline.OneTimeKey + "\n")];

    private Task<TransferProcess.Outcome> TransferAsync(params string[] arguments) =>
        TransferProcess.RunAsync(_study.Home, [.. arguments, .. ToServer()]);

    private TransferProcess Start(string[] arguments) =>
        TransferProcess.Start(_study.Home, [.. arguments, .. ToServer()]);

    private static async Task<string> UntilAsync(Func<Task<string?>> look)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (await look() is { } found)
                return found;
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}

public sealed class When_a_server_is_named_wrongly : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("expected an address", "runs", "--server", "studies.example.org")]
    [InlineData("expected an address", "runs", "--server", "ftp://studies.example.org")]
    [InlineData("expected an address", "runs", "--server", "https://me:secret@studies.example.org")]
    [InlineData("expected one in TRANSFER_KEY", "runs", "--server", "http://127.0.0.1:1")]
    [InlineData("there is no such file", "runs", "--server", "http://127.0.0.1:1", "--key-file", "/no/such/key")]
    [InlineData("expected no --server", "demo", "--server", "http://127.0.0.1:1")]
    public async Task The_exit_code_is_2_and_the_message_says_what_was_expected(
        string message,
        params string[] arguments
    )
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        var key = _study.Write("key", "tp_key");

        var outcome = await TransferProcess.RunAsync(
            _study.Home,
            "runs",
            "--server",
            "http://127.0.0.1:1",
            "--key-file",
            key
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("http://127.0.0.1:1/: the server cannot be reached", outcome.Error, StringComparison.Ordinal);
    }
}
