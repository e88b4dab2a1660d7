using System.Text.Json;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Hub;

/// <summary>A file as a hub lists it.</summary>
/// <param name="Size">In bytes; -1 where it is not listed.</param>
/// <param name="Sha256">Of a large file's bytes; null where git holds the file itself.</param>
/// <param name="Blob">The name that git gives the file: its SHA-1 after a header with the size.</param>
internal sealed record HubFile(string Name, long Size, string? Sha256, string? Blob);

/// <summary>The files of a model at one commit.</summary>
internal sealed partial record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    /// <summary>Reads <c>/api/models/NAME/revision/REVISION?blobs=true</c>.</summary>
    /// <param name="from">Its address, for messages.</param>
    /// <exception cref="BadInputException">It is not such an answer, or names a file that would leave its folder.</exception>
    public static HubListing Read(ReadOnlyMemory<byte> json, Uri from)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var commit = root.GetProperty("sha").GetString();
            if (commit is null || !Hash().IsMatch(commit))
                throw new BadInputException($"{from}: sha is '{commit}'; expected a commit");
            return new(commit, [.. root.GetProperty("siblings").EnumerateArray().Select(file => File(file, from))]);
        }
        catch (Exception wrong)
            when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new BadInputException($"{from}: this does not answer like a hub: {wrong.Message}");
        }
    }

    private static HubFile File(JsonElement file, Uri from)
    {
        var name = file.GetProperty("rfilename").GetString() ?? "";
        if (name.Split('/').Any(part => part is "" or "." or "..") || name.Any(letter => letter is '\\' or < ' '))
            throw new BadInputException($"{from}: lists a file '{name}'; expected names below the model's folder");
        var large = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        return new(
            name,
            SizeIn(file) ?? (large ? SizeIn(lfs) : null) ?? -1,
            large ? HashIn(lfs, "sha256") : null,
            large ? null : HashIn(file, "blobId")
        );
    }

    private static long? SizeIn(JsonElement element) =>
        element.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number ? size.GetInt64() : null;

    private static string? HashIn(JsonElement element, string key) =>
        element.TryGetProperty(key, out var hash)
        && hash.ValueKind == JsonValueKind.String
        && Hash().IsMatch(hash.GetString()!)
            ? hash.GetString()
            : null;

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex Hash();
}
