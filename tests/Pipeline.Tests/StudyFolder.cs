using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

/// <summary>A home, a small labelled dataset, a very small model without weights, and scenarios over them.</summary>
internal sealed class StudyFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Home => _folder["home"];

    /// <summary>A copy of the sample reviews, so that a test may change a row.</summary>
    public string Reviews { get; }

    public static string TinyBert => Path.Combine(GoldenFolders.RepositoryRoot, "samples", "tiny-bert");

    public StudyFolder()
    {
        Reviews = _folder["reviews"];
        Directory.CreateDirectory(Reviews);
        foreach (var split in new[] { "train", "dev", "test" })
            File.Copy(
                Path.Combine(GoldenFolders.RepositoryRoot, "samples", "reviews", split + ".tsv"),
                Path.Combine(Reviews, split + ".tsv")
            );
    }

    /// <summary>Runs a scenario in a process of its own, over this folder's dataset and model.</summary>
    public Task<TransferProcess.Outcome> RunAsync(string scenario, params string[] more) =>
        TransferProcess.RunAsync(Home, RunArguments(scenario, more));

    public TransferProcess Start(string scenario, params string[] more) =>
        TransferProcess.Start(Home, RunArguments(scenario, more));

    public string Write(string name, string content) => _folder.Write(name, content);

    public string this[params string[] parts] => _folder[parts];

    public void Dispose() => _folder.Dispose();

    private string[] RunArguments(string scenario, string[] more) =>
        [
            "run",
            _folder.Write("scenario.yaml", scenario),
            "--set",
            $"dataset={Reviews}",
            "--set",
            $"model={TinyBert}",
            "--json",
            .. more,
        ];
}
