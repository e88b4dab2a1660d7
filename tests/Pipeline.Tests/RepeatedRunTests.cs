using System.Text.Json.Nodes;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_run_is_repeated : IDisposable
{
    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Everything_is_answered_from_the_cache_with_equal_rows()
    {
        var first = await RunAsync();
        var second = await RunAsync();

        Assert.All(Work(second), step => Assert.NotNull(step["cachedFrom"]));
        Assert.Equal(ReportRows.Of(first["report"]!), ReportRows.Of(second["report"]!));
    }

    [Fact]
    public async Task Without_the_cache_everything_is_computed_again_and_comes_out_the_same()
    {
        var first = await RunAsync();
        var second = await RunAsync("--no-cache");

        Assert.All(Work(second), step => Assert.Null(step["cachedFrom"]));
        Assert.Equal(ReportRows.Of(first["report"]!), ReportRows.Of(second["report"]!));
    }

    [Fact]
    public async Task A_seed_more_computes_only_its_cells()
    {
        await RunAsync();
        var second = await RunAsync("--set", "seed=13,21");

        Assert.All(
            Work(second),
            step => Assert.Equal((string?)step["cell"]!["seed"] == "13", step["cachedFrom"] is not null)
        );
    }

    [Fact]
    public async Task A_changed_test_row_trains_nothing_again()
    {
        await RunAsync();
        var test = Path.Combine(_study.Reviews, "test.tsv");
        var lines = await File.ReadAllLinesAsync(test, TestContext.Current.CancellationToken);
        lines[1] += " Really.";
        await File.WriteAllLinesAsync(test, lines, TestContext.Current.CancellationToken);

        var second = await RunAsync();

        Assert.All(
            Work(second),
            step => Assert.Equal((string?)step["uses"] is "baseline" or "fine-tune", step["cachedFrom"] is not null)
        );
    }

    [Fact]
    public async Task A_damaged_artefact_is_computed_again()
    {
        var first = await RunAsync();
        var svm = Work(first).First(step => (string?)step["name"] == "svm");
        var hash = svm["output"]!["model"]!["files"]!.AsObject().First().Value!.GetValue<string>();
        Damage(hash["sha256:".Length..]);

        var second = await RunAsync();

        var again = Work(second)
            .Single(step => (string?)step["id"] is { } id && id.EndsWith(Tail(svm), StringComparison.Ordinal));
        Assert.Null(again["cachedFrom"]);
        Assert.Equal(ReportRows.Of(first["report"]!), ReportRows.Of(second["report"]!));
    }

    private async Task<JsonNode> RunAsync(params string[] more)
    {
        var outcome = await _study.RunAsync(Scenarios.Baselines, more);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome.Json;
    }

    private void Damage(string hash)
    {
        var file = Directory
            .EnumerateFiles(Path.Combine(_study.Home, "artefacts"), "*", SearchOption.AllDirectories)
            .Single(path =>
                Path.GetRelativePath(Path.Combine(_study.Home, "artefacts"), path)
                    .Replace("/", "")
                    .EndsWith(hash[^60..], StringComparison.Ordinal)
            );
        File.SetAttributes(file, FileAttributes.Normal);
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>The run's steps but the report, which is written for each run.</summary>
    private static List<JsonNode> Work(JsonNode run) =>
        [.. run["steps"]!.AsArray().Where(step => (string?)step!["uses"] != "report").Select(step => step!)];

    private static string Tail(JsonNode step) => step["id"]!.GetValue<string>().Split('.', 2)[1];
}
