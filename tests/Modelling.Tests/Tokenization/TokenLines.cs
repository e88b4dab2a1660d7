using System.IO.Compression;
using System.Text.Json;

namespace TransferPipeline.Modelling.Tests.Tokenization;

/// <summary>Texts, and the tokens that are expected of them.</summary>
internal static class TokenLines
{
    public static IEnumerable<JsonElement> Of(string folder, string name)
    {
        var path = Path.Combine(folder, name + ".jsonl.gz");
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
            yield return JsonDocument.Parse(line).RootElement;
    }
}
