using System.IO.Hashing;
using System.Text;

namespace TransferPipeline.Datasets;

/// <summary>128 bits that stand for a text or a pair of texts, exactly as they are.</summary>
public static class TextFingerprint
{
    /// <summary>The fingerprint of texts in UTF-8.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> text, ReadOnlySpan<byte> textB = default)
    {
        var first = XxHash128.HashToUInt128(text);
        return textB.IsEmpty ? first : XxHash128.HashToUInt128(textB, seed: (long)(ulong)first);
    }

    /// <summary>The fingerprint of a text, or of a pair.</summary>
    public static UInt128 Of(string text, string? textB) =>
        Of(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(textB ?? ""));

    /// <summary>The fingerprint of an example's texts.</summary>
    public static UInt128 Of(Example example) => Of(example.Text, example.TextB);
}
