using System.Security.Cryptography;
using System.Text;

namespace TransferPipeline.Contracts;

/// <summary>The SHA-256 of contents, written as <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
public static class ContentHash
{
    /// <summary>What stands before the digits.</summary>
    public const string Prefix = "sha256:";

    private const int DigitCount = 64;
    private const int ShownDigits = 12;

    /// <summary>Of UTF-8 text.</summary>
    public static string Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>Of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => OfDigest(SHA256.HashData(bytes));

    /// <summary>Of what is left of a stream.</summary>
    public static string Of(Stream stream) => OfDigest(SHA256.HashData(stream));

    /// <summary>Of what is left of a stream.</summary>
    public static async Task<string> OfAsync(Stream stream, CancellationToken cancellation = default) =>
        OfDigest(await SHA256.HashDataAsync(stream, cancellation));

    /// <summary>Writes the 32 bytes of a SHA-256.</summary>
    public static string OfDigest(ReadOnlySpan<byte> digest) => Prefix + Convert.ToHexStringLower(digest);

    /// <summary>Whether a text is written as such a hash.</summary>
    public static bool IsOne(string text) =>
        text.Length == Prefix.Length + DigitCount
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept("0123456789abcdef");

    /// <summary>The digits alone, for names.</summary>
    /// <exception cref="ArgumentException">It is no such hash.</exception>
    public static string Digits(string hash) =>
        IsOne(hash)
            ? hash[Prefix.Length..]
            : throw new ArgumentException($"'{hash}' is no hash of contents (sha256: and 64 hexadecimal digits).");

    /// <summary>The first twelve digits, which people are shown.</summary>
    /// <exception cref="ArgumentException">It is no such hash.</exception>
    public static string Short(string hash) => Digits(hash)[..ShownDigits];
}
