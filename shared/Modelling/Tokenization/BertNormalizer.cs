using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>
/// BERT's text before it is split: control characters gone, every blank a space, Chinese characters apart, and, where the
/// model asks for it, accents gone and all in lower case.
/// </summary>
/// <remarks>
/// The library's own normalizer keeps accents unless told otherwise and then relies on the system's normalisation, which
/// does nothing where no ICU is installed; so decompositions come from a table.
/// </remarks>
internal sealed class BertNormalizer(bool lowerCase, bool stripAccents, bool splitChinese) : Normalizer
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;

    /// <summary>What is left of a character's canonical decomposition without its non-spacing marks.</summary>
    private static readonly Lazy<Dictionary<int, string>> BaseCharacters = new(ReadBaseCharacters);

    public override string Normalize(string original) => Normalize(original.AsSpan());

    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original, null);

    /// <param name="places">Takes for each UTF-16 unit of the result where in the original its character stands.</param>
    public string Normalize(ReadOnlySpan<char> original, List<(int Start, int End)>? places)
    {
        var text = new StringBuilder(original.Length + 16);
        var at = 0;
        foreach (var rune in original.EnumerateRunes())
        {
            Append(text, rune);
            while (places?.Count < text.Length)
                places.Add((at, at + rune.Utf16SequenceLength));
            at += rune.Utf16SequenceLength;
        }
        return text.ToString();
    }

    private void Append(StringBuilder text, Rune rune)
    {
        if (rune.IsAscii && rune.Value is >= 0x20 and < 0x7f)
            text.Append((char)(lowerCase && rune.Value is >= 'A' and <= 'Z' ? rune.Value | 0x20 : rune.Value));
        else if (IsRemoved(rune))
            return;
        else if (Rune.IsWhiteSpace(rune))
            text.Append(' ');
        else
            AppendOther(text, rune);
    }

    private void AppendOther(StringBuilder text, Rune rune)
    {
        var apart = splitChinese && IsChinese(rune.Value);
        if (apart)
            text.Append(' ');
        if (!stripAccents)
            AppendCased(text, rune);
        else if (rune.Value is >= HangulFirst and <= HangulLast)
            AppendHangul(text, rune.Value - HangulFirst);
        else if (BaseCharacters.Value.TryGetValue(rune.Value, out var parts))
            foreach (var part in parts.EnumerateRunes())
                AppendCased(text, part);
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            AppendCased(text, rune);
        if (apart)
            text.Append(' ');
    }

    private void AppendCased(StringBuilder text, Rune rune) =>
        text.Append((lowerCase ? Rune.ToLowerInvariant(rune) : rune).ToString());

    /// <summary>A syllable's letters (Unicode, section 3.12).</summary>
    private static void AppendHangul(StringBuilder text, int syllable)
    {
        text.Append((char)(0x1100 + syllable / 588)).Append((char)(0x1161 + syllable % 588 / 28));
        if (syllable % 28 > 0)
            text.Append((char)(0x11A7 + syllable % 28));
    }

    /// <summary>Control, format and private characters, and what stands for bytes that were none.</summary>
    private static bool IsRemoved(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r')
        && (
            rune.Value == 0xFFFD
            || Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.PrivateUse
        );

    /// <summary>The blocks that BERT's authors listed as Chinese characters.</summary>
    private static bool IsChinese(int c) =>
        c
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);

    private static Dictionary<int, string> ReadBaseCharacters()
    {
        var resource = $"{typeof(BertNormalizer).Namespace}.BaseCharacters.txt";
        using var reader = new StreamReader(typeof(BertNormalizer).Assembly.GetManifestResourceStream(resource)!);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var codes = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(code => int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .ToArray();
            table[codes[0]] = string.Concat(codes[1..].Select(char.ConvertFromUtf32));
        }
        return table;
    }
}
