using System.Globalization;
using System.Text;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>
/// Makes visible what a text could hide: control, bidirectional, invisible and private characters, unpaired surrogates,
/// and Greek or Cyrillic letters inside a word of Latin ones. Each is followed or replaced by its code point, ⟨U+202E⟩.
/// </summary>
internal static class VisibleText
{
    public static string Of(string text)
    {
        var visible = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var end = at;
            while (end < text.Length && char.IsLetter(text[end]))
                end++;
            if (end == at)
            {
                end = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
                AddCharacter(visible, text[at..end]);
            }
            else
                AddWord(visible, text.AsSpan(at, end - at));
            at = end;
        }
        return visible.ToString();
    }

    private static void AddWord(StringBuilder visible, ReadOnlySpan<char> word)
    {
        var mixed = word.ContainsAnyInRange('A', 'z');
        foreach (var letter in word)
        {
            visible.Append(letter);
            if (mixed && letter is >= '\u0370' and <= '\u052F')
                AddCode(visible, letter);
        }
    }

    private static void AddCharacter(StringBuilder visible, string character)
    {
        var code =
            char.IsSurrogate(character[0]) && character.Length == 1 ? character[0] : char.ConvertToUtf32(character, 0);
        var hidden =
            CharUnicodeInfo.GetUnicodeCategory(code)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
                or UnicodeCategory.OtherNotAssigned;
        if (hidden && character != "\n")
            AddCode(visible, code);
        else
            visible.Append(character);
    }

    private static void AddCode(StringBuilder visible, int code) =>
        visible.Append(CultureInfo.InvariantCulture, $"⟨U+{code:X4}⟩");
}
