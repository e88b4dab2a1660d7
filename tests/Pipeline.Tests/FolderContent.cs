using System.Security.Cryptography;

namespace TransferPipeline.Pipeline.Tests;

internal static class FolderContent
{
    /// <summary>Relative paths and the SHA-256 of what is there, in order.</summary>
    public static IReadOnlyList<string> Of(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path =>
                    $"{Path.GetRelativePath(folder, path)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}"
                )
                .Order(StringComparer.Ordinal),
        ];
}
