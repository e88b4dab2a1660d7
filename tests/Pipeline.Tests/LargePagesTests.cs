using TransferPipeline.TestKit;

namespace TransferPipeline.Pipeline.Tests;

public sealed class When_a_command_trains
{
    private const string Policy = "/sys/kernel/mm/transparent_hugepage/enabled";

    [Fact]
    public async Task It_begins_again_as_itself_with_large_pages_where_they_have_to_be_asked_for()
    {
        using var home = new TemporaryFolder();
        using var transfer = TransferProcess.Start(home.Path, "serve", "--urls", "http://127.0.0.1:0");
        await transfer.OutputAsync("127.0.0.1");

        var begun = await File.ReadAllTextAsync($"/proc/{transfer.Id}/environ");

        var asked = File.Exists(Policy) && (await File.ReadAllTextAsync(Policy)).Contains("[madvise]");
        Assert.Equal(asked, begun.Split('\0').Contains("GLIBC_TUNABLES=glibc.malloc.hugetlb=1"));
        Assert.Equal("dotnet", (await File.ReadAllTextAsync($"/proc/{transfer.Id}/comm")).Trim());
    }
}
