using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_a_step_writes_checkpoints : IAsyncDisposable
{
    private readonly Workshop _workshop = new();
    private readonly ManualResetEventSlim _saved = new();
    private readonly ManualResetEventSlim _finish = new();

    [Fact]
    public async Task The_newest_two_are_kept_and_the_bytes_of_older_ones_deleted()
    {
        await SaveThree();

        var step = await _workshop.StepAsync("s");
        Assert.Equal([300L, 200L], step.Checkpoints.Select(checkpoint => checkpoint.Position));
        Assert.Equal(
            step.Checkpoints.SelectMany(checkpoint => checkpoint.Files.Values).Order(),
            (await StoredAsync()).Order()
        );
    }

    [Fact]
    public async Task At_completion_pointers_and_bytes_are_gone()
    {
        await SaveThree();
        _finish.Set();

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);

        Assert.Empty(step.Checkpoints);
        await _workshop.UntilAsync(async () => (await StoredAsync()).Count == 0);
    }

    [Fact]
    public async Task An_output_with_the_same_content_stays()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                Save(work, 100);
                return new StepOutput(Rows: work.Store("weights at 100"));
            }
        );

        var step = await _workshop.UntilAsync("s", step => step.State == StepState.Completed);

        await _workshop.UntilAsync(async () => (await StoredAsync()).Count == 1);
        Assert.Equal([step.Output!.Rows!.Hash], await StoredAsync());
    }

    [Fact]
    public async Task The_newest_is_restored_with_its_folders()
    {
        await SaveThree();

        Assert.Equal((300L, "\"weights at 300\"", "nested"), await RestoreElsewhere());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_damaged_or_missing_newest_one_falls_back_to_the_older(bool missing)
    {
        await SaveThree();
        var newest = new ArtefactRef((await _workshop.StepAsync("s")).Checkpoints[0].Files.Values.Single());
        if (missing)
            await _workshop.Artefacts.DeleteAsync(newest);
        else
            await File.WriteAllTextAsync(await WritableAsync(newest), "damaged");

        Assert.Equal((200L, "\"weights at 200\"", "nested"), await RestoreElsewhere());
    }

    [Fact]
    public async Task Without_any_nothing_is_restored()
    {
        long? position = 1;
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                position = work.Checkpoints.Restore(work.Scratch);
                return new StepOutput();
            }
        );

        await _workshop.UntilAsync("s", step => step.State == StepState.Completed);
        Assert.Null(position);
    }

    [Fact]
    public async Task Who_has_lost_the_lease_saves_nothing()
    {
        var refused = new TaskCompletionSource<bool>();
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                _saved.Set();
                _finish.Wait();
                refused.SetResult(Record.Exception(() => Save(work, 100)) is OperationCanceledException);
                return new StepOutput();
            }
        );
        _saved.Wait();
        await _workshop.ChangeAsync(_workshop.Steps, "s", step => step with { Fence = 9, Worker = "other" });

        _finish.Set();

        Assert.True(await refused.Task);
        Assert.Empty((await _workshop.StepAsync("s")).Checkpoints);
        Assert.Empty(await StoredAsync());
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    private async Task SaveThree()
    {
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                Save(work, 100);
                Save(work, 200);
                Save(work, 300);
                _saved.Set();
                _finish.Wait(work.Stop);
                return new StepOutput();
            }
        );
        _saved.Wait();
    }

    private static void Save(StepWork work, long position)
    {
        var folder = Path.Combine(work.Scratch, $"checkpoint-{position}");
        Directory.CreateDirectory(Path.Combine(folder, "optimiser"));
        File.WriteAllText(Path.Combine(folder, "weights"), $"\"weights at {position}\"");
        File.WriteAllText(Path.Combine(folder, "optimiser", "state"), "nested");
        work.Checkpoints.Save(position, folder);
    }

    /// <summary>As a worker that takes the step over from a dead one.</summary>
    private async Task<(long?, string, string)> RestoreElsewhere()
    {
        var checkpoints = (await _workshop.StepAsync("s")).Checkpoints;
        (long?, string, string) found = default;
        await _workshop.AddStepAsync("t", StepKinds.Evaluate, change: step => step with { Checkpoints = checkpoints });
        await _workshop.StartWorkerAsync(
            "other",
            [
                new ScriptedHandler(
                    StepKinds.Evaluate,
                    work =>
                    {
                        var folder = Path.Combine(work.Scratch, "restored");
                        var position = work.Checkpoints.Restore(folder);
                        found = (
                            position,
                            File.ReadAllText(Path.Combine(folder, "weights")),
                            File.ReadAllText(Path.Combine(folder, "optimiser", "state"))
                        );
                        Assert.Equal(2, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
                        return new StepOutput();
                    }
                ),
            ]
        );
        await _workshop.UntilAsync("t", step => step.State == StepState.Completed);
        return found;
    }

    private async Task<string> WritableAsync(ArtefactRef artefact)
    {
        var path = await _workshop.Artefacts.GetFileAsync(artefact);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private async Task<List<string>> StoredAsync()
    {
        var stored = new List<string>();
        await foreach (var artefact in _workshop.Artefacts.ListAsync())
            stored.Add(artefact.Artefact.Hash);
        return stored;
    }
}
