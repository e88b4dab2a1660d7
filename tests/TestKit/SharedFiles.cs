using Xunit;

namespace TransferPipeline.TestKit;

/// <summary>
/// Real models and data that are no part of the repository: found in the folder that <c>TRANSFER_TEST_SHARED</c> names;
/// a test that needs one is skipped, saying why, where it is missing.
/// </summary>
public static class SharedFiles
{
    /// <summary>The path of a file or folder there; skips the test where it is missing.</summary>
    public static string Require(params string[] parts)
    {
        var root = Environment.GetEnvironmentVariable("TRANSFER_TEST_SHARED");
        Assert.SkipWhen(string.IsNullOrEmpty(root), "TRANSFER_TEST_SHARED names no folder of models and data.");
        var path = Path.Combine([root!, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"{Path.Combine(parts)} is not in the folder TRANSFER_TEST_SHARED names.");
        return path;
    }
}
