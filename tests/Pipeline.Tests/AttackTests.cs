using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

/// <summary><c>transfer attack</c> in a process of its own, on a very small model.</summary>
public sealed class When_a_model_is_attacked_with_one_text : IDisposable
{
    private readonly StudyFolder _study = new();

    private static string Victim => GoldenFolders.Of("bert-sequence-classification")[0];

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Each_better_text_is_shown_with_what_came_of_it()
    {
        string[] pruthi = ["--recipe", "pruthi", "--text", "somebody wrote this scene in a hurry", "--budget", "40"];

        var shown = await AttackAsync(pruthi);
        var told = await AttackAsync([.. pruthi, "--json"]);

        var lines = shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("     1 queries  LABEL_", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("somebody wrote this scene in a hurry", lines[0].TrimEnd(), StringComparison.Ordinal);
        Assert.InRange(lines.Length, 3, 41);
        Assert.Contains($"{told.Json["queries"]} queries, {told.Json["forwards"]} forward passes", lines[^1]);
        Assert.Equal(1, told.Json["wordsChanged"]!.GetValue<int>());
        Assert.NotEqual((string?)told.Json["text"], (string?)told.Json["perturbed"]);
    }

    [Theory]
    [InlineData("--text: there is no word to attack", "deepwordbug", "")]
    [InlineData("recipe deepwordbug may change none of its words", "deepwordbug", "the and of")]
    [InlineData("'textfooler' is not known; expected one of", "textfooler", "a film")]
    [InlineData("recipe pwws needs a pack of kind wordnet", "pwws", "a film")]
    [InlineData("recipe bert-attack needs a masked language model", "bert-attack", "a film")]
    public async Task What_cannot_be_attacked_is_refused(string message, string recipe, string text) =>
        await RefusedAsync(message, "--recipe", recipe, "--text", text);

    [Fact]
    public async Task A_text_that_is_longer_than_the_model_reads_is_refused() =>
        await RefusedAsync(
            "tokens stand beyond what the model reads; expected a shorter one",
            "--recipe",
            "deepwordbug",
            "--text",
            string.Concat(Enumerable.Repeat("film ", 600))
        );

    private async Task RefusedAsync(string message, params string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, ["attack", Victim, .. arguments]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Error.ReplaceLineEndings(" "));
        Assert.Equal("", outcome.Output.Trim());
    }

    private async Task<TransferProcess.Outcome> AttackAsync(string[] arguments)
    {
        var outcome = await TransferProcess.RunAsync(_study.Home, ["attack", Victim, .. arguments]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }
}
