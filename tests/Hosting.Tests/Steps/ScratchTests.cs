using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Hosting.Tests.Steps;

public sealed class When_a_step_needs_room : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_folder_is_empty_at_first_and_gone_at_the_end(bool fails)
    {
        string? scratch = null;
        var found = -1;
        await _workshop.AddStepAsync("s");
        await _workshop.StartWorkerAsync(
            "w",
            work =>
            {
                scratch = work.Scratch;
                found = Directory.GetFileSystemEntries(scratch).Length;
                File.WriteAllText(Path.Combine(scratch, "file"), "");
                return fails ? throw new NotSupportedException() : new StepOutput();
            }
        );

        await _workshop.UntilAsync("s", step => step.State is StepState.Completed or StepState.Failed);
        Assert.Equal(0, found);
        Assert.False(Directory.Exists(scratch));
    }

    [Fact]
    public void Folders_of_dead_processes_are_removed_those_of_living_ones_stay()
    {
        using var root = new TemporaryFolder();
        var alive = RunOwner.Current();
        var dead = root.Write($"{alive.BootId}_{alive.ProcessId}_0/step/file", "");
        var living = root.Write($"{alive.BootId}_{alive.ProcessId}_{alive.ProcessStart}/step/file", "");

        _ = new ScratchFolders(root.Path);

        Assert.Equal((false, true), (File.Exists(dead), File.Exists(living)));
    }

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();
}
