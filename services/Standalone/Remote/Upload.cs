using System.Net.Http.Headers;

namespace TransferPipeline.Standalone.Remote;

/// <summary>Local files as bodies that are read from disk while they are sent.</summary>
internal static class Upload
{
    private const int Piece = 1 << 16;

    /// <summary>One part per file, under the part's name; the server is told no folder.</summary>
    public static MultipartFormDataContent Parts(IEnumerable<(string Part, string Path)> files)
    {
        var body = new MultipartFormDataContent();
        foreach (var (part, path) in files)
            body.Add(Bytes(path), part, Path.GetFileName(path));
        return body;
    }

    public static StreamContent Bytes(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Piece, useAsync: true), Piece)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
        };
}
