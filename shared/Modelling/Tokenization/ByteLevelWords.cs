using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>GPT-2's words: English contractions, then runs of letters, of digits or of neither, with the space before.</summary>
/// <remarks>
/// The pattern of <c>openai/gpt-2/src/encoder.py</c>, by hand: .NET's expressions see UTF-16 units, and to them a letter
/// above U+FFFF is none.
/// <code>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</code>
/// </remarks>
internal sealed class ByteLevelWords : PreTokenizer
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Blank,
        Letter,
        Number,
        Other,
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>(text.Length / 4 + 1);
        for (var start = 0; start < text.Length; )
        {
            var length = WordLength(text[start..]);
            words.Add((start, length));
            start += length;
        }
        return words;
    }

    private static int WordLength(ReadOnlySpan<char> text)
    {
        foreach (var contraction in Contractions)
            if (text.StartsWith(contraction, StringComparison.Ordinal))
                return contraction.Length;

        var space = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = KindAt(text, space, out _);
        if (kind != Kind.Blank)
            return space + RunLength(text[space..], kind, out _);

        // The last blank before a word is left to it.
        var blanks = RunLength(text, Kind.Blank, out var last);
        return blanks < text.Length && blanks > last ? blanks - last : blanks;
    }

    /// <param name="last">UTF-16 units of its last character.</param>
    private static int RunLength(ReadOnlySpan<char> text, Kind kind, out int last)
    {
        last = 0;
        var end = 0;
        while (end < text.Length && KindAt(text, end, out var length) == kind)
            end += last = length;
        return end;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, int at, out int length)
    {
        Rune.DecodeFromUtf16(text[at..], out var rune, out length);
        if (Rune.IsWhiteSpace(rune))
            return Kind.Blank;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                Kind.Number,
            _ => Kind.Other,
        };
    }
}
