using Xunit;

namespace TransferPipeline.TestKit;

/// <summary>
/// The MongoDB that <c>TRANSFER_TEST_MONGODB</c> names (<c>mongodb://host:port</c>); tests that need it are skipped where
/// it names none.
/// </summary>
public static class MongoServer
{
    /// <summary>The address of a database there that no other test uses; skips the test where there is no server.</summary>
    public static string RequireDatabase()
    {
        var server = Environment.GetEnvironmentVariable("TRANSFER_TEST_MONGODB");
        Assert.SkipWhen(string.IsNullOrEmpty(server), "TRANSFER_TEST_MONGODB names no MongoDB server.");
        var (address, query) = server!.Split('?', 2) is [var left, var right] ? (left, "?" + right) : (server, "");
        return $"{address.TrimEnd('/')}/test-{Guid.NewGuid():N}{query}";
    }
}
