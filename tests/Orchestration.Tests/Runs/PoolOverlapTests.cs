using TransferPipeline.Contracts;
using TransferPipeline.Datasets;

namespace TransferPipeline.Orchestration.Tests.Runs;

public sealed class When_texts_of_dev_stand_in_the_pool : IDisposable
{
    private static readonly SplitLeak[] Leaks =
    [
        new("train", "dev", 2, ["dev.csv: line 7: the text \"a fine film\" is in another split"]),
        new("dev", "test", 1, ["test.csv: line 2: the text \"so so\" is in another split"]),
    ];

    private readonly House _house = new();

    public void Dispose() => _house.Dispose();

    [Theory]
    [InlineData("synthesize", "method: k-means-labels")]
    [InlineData("fine-tune", "model: minilm, strategy: self-training")]
    [InlineData("fine-tune", "model: minilm, strategy: ust")]
    [InlineData("fine-tune", "model: minilm, strategy: consistency")]
    [InlineData("baseline", "algorithm: linear-svm, vocabulary: train-and-unlabelled")]
    public async Task A_run_that_reads_them_is_refused_before_anything_is_stored(string uses, string with)
    {
        await AddAsync(Leaks);

        var fault = await Assert.ThrowsAsync<BadInputException>(() => _house.SubmitAsync(Study(uses, with)));

        Assert.StartsWith("test.yaml:3:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 texts of dev stand in train of 'reviews' too, which step 'enlarged' reads as unlabelled text "
                + "(dev.csv: line 7: the text \"a fine film\" is in another split); "
                + "expected a dev split that shares no text with it, or dev: none",
            fault.Message
        );
        Assert.Single(fault.Problems);
        Assert.Empty(_house.Runs.All);
        Assert.Empty(_house.Steps.All);
    }

    [Theory]
    [InlineData("fine-tune", "model: minilm", "same")]
    [InlineData("synthesize", "method: k-means-labels", "none")]
    public async Task One_that_does_not_is_not(string uses, string with, string dev)
    {
        await AddAsync(Leaks);

        Assert.NotNull(await _house.SubmitAsync(Study(uses, with, dev)));
    }

    [Fact]
    public async Task Texts_of_other_splits_in_one_another_are_no_matter()
    {
        await AddAsync(Leaks[1..]);

        Assert.NotNull(await _house.SubmitAsync(Study("synthesize", "method: k-means-labels")));
    }

    private async Task AddAsync(IReadOnlyList<SplitLeak> leaks)
    {
        var dataset = _house.Dataset("rows");
        var dev = dataset.Splits[0] with { Name = "dev", Id = ContentHash.Of("dev") };
        await _house.AddDatasetAsync("reviews", 1, dataset with { Splits = [.. dataset.Splits, dev] }, leaks);
        await _house.AddModelAsync("minilm");
    }

    private static string Study(string uses, string with, string dev = "same") =>
        $$"""
            name: study
            steps:
              few:      { uses: sample, with: { dataset: reviews, perClass: 8, dev: {{dev}} } }
              enlarged: { uses: {{uses}}, with: { dataset: "${steps.few}", {{with}} } }
            """;
}
