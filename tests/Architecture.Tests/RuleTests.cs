namespace TransferPipeline.Architecture.Tests;

public sealed class When_the_house_is_inspected
{
    private static readonly Lazy<Repository> House = new(Repository.Read);

    public static TheoryData<string> Names => [.. Rules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_house_keeps(string rule) =>
        Assert.True(Find(rule).Breaks(House.Value).ToList() is [], Broken(rule));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_counter_example_breaks(string rule)
    {
        var (_, breaks, path, text) = Find(rule);

        Assert.Single(breaks(new Repository([new SourceFile(path, text)])));
    }

    [Fact]
    public void There_is_a_house_to_inspect()
    {
        Assert.Contains(House.Value.Files, file => file.Path == "shared/Contracts/Contracts.csproj");
        Assert.Contains(House.Value.Files, file => file.Path == "tests/Architecture.Tests/Rules.cs");
        Assert.DoesNotContain(House.Value.Files, file => file.Path.Contains("artifacts/", StringComparison.Ordinal));
    }

    private static Rule Find(string name) => Rules.All.Single(rule => rule.Name == name);

    private static string Broken(string rule) =>
        $"{rule}:{Environment.NewLine}{string.Join(Environment.NewLine, Find(rule).Breaks(House.Value))}";
}
