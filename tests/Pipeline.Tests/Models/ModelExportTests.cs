using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests.Models;

public sealed class When_a_model_is_exported : IDisposable
{
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];

    private readonly StudyFolder _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task The_folder_holds_what_was_stored_and_is_the_same_model_again()
    {
        await ImportAsync(Plain, "plain");

        var outcome = await ExportAsync("plain");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains($"Wrote model plain@1 to {_study["out"]}.", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(
            FolderContent.Of(Plain).Where(file => !file.StartsWith("golden", StringComparison.Ordinal)),
            FolderContent.Of(_study["out"])
        );
        Assert.Contains("plain@1", (await ImportAsync(_study["out"], "plain")).Output, StringComparison.Ordinal);
        Assert.Equal([_study["out"]], Directory.EnumerateDirectories(Path.GetDirectoryName(_study["out"])!, "out*"));
    }

    [Fact]
    public async Task An_older_registration_is_named_by_its_number()
    {
        await ImportAsync(StudyFolder.TinyBert, "model");
        await ImportAsync(Plain, "model");
        Directory.CreateDirectory(_study["out"]);

        await ExportAsync("model@1");

        Assert.Equal(FolderContent.Of(StudyFolder.TinyBert), FolderContent.Of(_study["out"]));
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_refused_and_left_alone()
    {
        await ImportAsync(StudyFolder.TinyBert, "tiny");
        _study.Write("out/mine.txt", "mine");

        var outcome = await ExportAsync("tiny");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("expected a new or an empty folder", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([_study["out", "mine.txt"]], Directory.EnumerateFileSystemEntries(_study["out"]));
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_refused()
    {
        await ImportAsync(StudyFolder.TinyBert, "tiny");
        _study.Write("file", "");

        var outcome = await TransferProcess.RunAsync(
            _study.Home,
            "models",
            "export",
            "tiny",
            Path.Combine(_study["file"], "below")
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(Path.Combine(_study["file"], "below") + ": ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_model_is_refused_and_no_folder_appears()
    {
        await ImportAsync(StudyFolder.TinyBert, "tiny");
        var vocabulary = await File.ReadAllBytesAsync(Path.Combine(StudyFolder.TinyBert, "vocab.txt"));
        foreach (var file in Directory.EnumerateFiles(_study.Home, "*", SearchOption.AllDirectories))
            if (new FileInfo(file).Length == vocabulary.Length)
            {
                File.Delete(file);
                await File.WriteAllTextAsync(file, "other");
            }

        var outcome = await ExportAsync("tiny");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Artefact sha256:", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_study["out"]));
    }

    private Task<TransferProcess.Outcome> ImportAsync(string folder, string name) =>
        TransferProcess.RunAsync(_study.Home, "models", "import", folder, "--name", name);

    private Task<TransferProcess.Outcome> ExportAsync(string name) =>
        TransferProcess.RunAsync(_study.Home, "models", "export", name, _study["out"]);
}
