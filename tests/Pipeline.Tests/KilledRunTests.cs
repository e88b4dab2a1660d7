using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_process_is_killed_in_the_middle_of_a_training
{
    /// <summary>Enough to be killed in the middle, few enough to be done twice.</summary>
    private const int Updates = 600;

    /// <summary>More than a test waits for.</summary>
    private const int Endless = 10_000;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_resumed_run_goes_on_from_its_checkpoint_and_gives_the_same_model_and_rows()
    {
        using var undisturbed = new StudyFolder();
        using var killed = new StudyFolder();
        var expected = await undisturbed.RunAsync(Scenarios.LongTraining(Updates));
        Assert.True(expected.ExitCode == 0, expected.Error);

        var run = await KillAfterTwoCheckpointsAsync(killed);
        var resumed = await TransferProcess.RunAsync(killed.Home, "resume", run, "--json");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.InRange(FirstUpdateShown(resumed.Error), 2 * Scenarios.CheckpointEvery, Updates);
        Assert.Equal(Weights(expected.Json), Weights(resumed.Json));
        Assert.Equal(Rows(expected.Json), Rows(resumed.Json));
    }

    [Fact]
    public async Task A_second_resume_is_refused_while_the_first_lives()
    {
        using var study = new StudyFolder();
        using var alive = study.Start(Scenarios.LongTraining(Endless));
        var run = await CheckpointedRunAsync(study, alive, checkpoints: 1);

        var refused = await TransferProcess.RunAsync(study.Home, "resume", run);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(run, refused.Error, StringComparison.Ordinal);
        alive.KillHard();
        await alive.EndAsync();
    }

    [Fact]
    public async Task A_termination_writes_a_checkpoint_and_says_how_to_go_on()
    {
        using var study = new StudyFolder();
        using var process = study.Start(Scenarios.LongTraining(Endless));
        var run = await CheckpointedRunAsync(study, process, checkpoints: 1);

        process.Terminate();
        var ended = await process.EndAsync();

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains($"transfer resume {run}", ended.Error, StringComparison.Ordinal);
        var step = (await StepsAsync(study)).Single(step => step.Name == "tuned");
        Assert.Equal((StepState.Ready, 0), (step.State, step.Attempts));
        Assert.NotEmpty(step.Checkpoints);
        var listed = await TransferProcess.RunAsync(study.Home, "runs");
        Assert.Contains("stopped", listed.Output, StringComparison.Ordinal);
    }

    private static async Task<string> KillAfterTwoCheckpointsAsync(StudyFolder study)
    {
        using var process = study.Start(Scenarios.LongTraining(Updates));
        var run = await CheckpointedRunAsync(study, process, checkpoints: 2);
        process.KillHard();
        await process.EndAsync();
        return run;
    }

    private static async Task<string> CheckpointedRunAsync(StudyFolder study, TransferProcess process, int checkpoints)
    {
        while (true)
        {
            var step = (await StepsAsync(study)).FirstOrDefault(step => step.Checkpoints.Count >= checkpoints);
            if (step is not null)
                return step.Run;
            if (process.HasExited)
                Assert.Fail($"The run ended before its checkpoint: {(await process.EndAsync()).Error}");
            await Task.Delay(20, Cancellation);
        }
    }

    private static async Task<List<StepDocument>> StepsAsync(StudyFolder study)
    {
        if (!File.Exists(Path.Combine(study.Home, "transfer.db")))
            return [];
        await using var services = new ServiceCollection().AddEmbeddedStorage(study.Home).BuildServiceProvider();
        return await services
            .GetRequiredService<IDocuments<StepDocument>>()
            .FindAsync(Cancellation)
            .ToListAsync(Cancellation);
    }

    private static int FirstUpdateShown(string lines) =>
        int.Parse(
            Regex.Match(lines, "update ([0-9]+) of 600").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture
        );

    private static JsonNode Step(JsonNode run, string name) =>
        run["steps"]!.AsArray().Single(step => (string?)step!["name"] == name)!;

    private static string Weights(JsonNode run) =>
        (string)Step(run, "tuned")["output"]!["model"]!["files"]!["model.safetensors"]!;

    private static string Rows(JsonNode run) => ReportRows.Of(run["report"]!);
}
