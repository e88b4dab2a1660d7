using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// An encoder that embeds the same texts once: vectors are kept under a hash of the encoder's files, the texts in their order,
/// and all that a rounding depends on.
/// </summary>
public sealed class RememberingEmbedder(string folder, int maxTokens, ComputeOptions compute, KeptVectors kept)
    : IEmbedder
{
    /// <summary>Fewer texts are embedded as soon as they are found.</summary>
    public const int Few = 200;

    private readonly Lazy<TransformerEmbedder> _encoder = new(() =>
        TransformerEmbedder.Open(folder, maxTokens, compute)
    );
    private readonly Lazy<byte[]> _identity = new(() => Identity(folder, maxTokens, compute));

    public int Width => _encoder.Value.Width;

    public TimeSpan Spared { get; private set; }

    public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        if (texts.Count < Few)
            return _encoder.Value.Embed(texts, cancellation);
        var key = Key(texts);
        var start = Stopwatch.GetTimestamp();
        if (kept.Find(key) is { } path)
        {
            var found = Read(path, out var seconds);
            Spared += TimeSpan.FromSeconds(seconds) - Stopwatch.GetElapsedTime(start);
            return found;
        }
        var vectors = _encoder.Value.Embed(texts, cancellation);
        kept.Keep(key, to => Write(to, vectors, Stopwatch.GetElapsedTime(start).TotalSeconds));
        return vectors;
    }

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => _encoder.Value.CutOff(texts);

    public void Dispose()
    {
        if (_encoder.IsValueCreated)
            _encoder.Value.Dispose();
    }

    private string Key(IReadOnlyList<ModelText> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_identity.Value);
        foreach (var text in texts)
        {
            Append(hash, text.First);
            Append(hash, text.Second ?? "");
            hash.AppendData([(byte)(text.Second is null ? 0 : 1)]);
        }
        return "vectors:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Identity(string folder, int maxTokens, ComputeOptions compute)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var path in Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .OrderBy(path => path, StringComparer.Ordinal)
        )
        {
            Append(hash, Path.GetRelativePath(folder, path));
            using var file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }
        Append(hash, $"{maxTokens} {compute.Threads} {compute.Placement.Device} {compute.Placement.Precision}");
        return hash.GetHashAndReset();
    }

    /// <summary>With its length, so that no two lists of texts look the same.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    /// <summary>Seconds that they took, width, values.</summary>
    private static void Write(Stream to, IReadOnlyList<float[]> vectors, double seconds)
    {
        to.Write(BitConverter.GetBytes(seconds));
        to.Write(BitConverter.GetBytes(vectors[0].Length));
        foreach (var vector in vectors)
            to.Write(MemoryMarshal.AsBytes<float>(vector));
    }

    private static float[][] Read(string path, out double seconds)
    {
        var bytes = File.ReadAllBytes(path);
        seconds = BitConverter.ToDouble(bytes);
        var width = BitConverter.ToInt32(bytes, sizeof(double));
        var values = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(sizeof(double) + sizeof(int)));
        var vectors = new float[values.Length / width][];
        for (var row = 0; row < vectors.Length; row++)
            vectors[row] = values.Slice(row * width, width).ToArray();
        return vectors;
    }
}
