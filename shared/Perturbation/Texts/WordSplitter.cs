using System.Text;
using TransferPipeline.Datasets;

namespace TransferPipeline.Perturbation.Texts;

/// <summary>A word and where it stands.</summary>
/// <param name="Column">0 for the first text of an example, 1 for the second.</param>
/// <param name="Start">In UTF-16 units of that text.</param>
public readonly record struct WordSpan(string Word, int Column, int Start)
{
    public int End => Start + Word.Length;
}

/// <summary>
/// Finds the words of a text as TextAttack 0.3.11 does (<c>words_from_text</c>), apart from Chinese, which it hands to a
/// segmenter: runs of letters, digits, marks that words hold, and look-alikes of letters.
/// </summary>
public static class WordSplitter
{
    /// <summary>What a word may hold but neither begin nor end with.</summary>
    private const string OnlyInside = "'-_*@";

    /// <summary>Look-alikes of letters that are no letters themselves.</summary>
    private const string LookAlikes = "˗`×";

    /// <summary>The words of one text, in their order.</summary>
    public static IReadOnlyList<WordSpan> Split(string text, int column = 0)
    {
        var words = new List<WordSpan>(text.Length / 5);
        for (var at = 0; at < text.Length; )
        {
            var end = EndOfRun(text, at);
            if (end == at)
            {
                at++;
                continue;
            }
            var next = end;
            while (at < end && OnlyInside.Contains(text[at]))
                at++;
            while (at < end && OnlyInside.Contains(text[end - 1]))
                end--;
            if (at < end)
                words.Add(new(text[at..end], column, at));
            at = next;
        }
        return words;
    }

    /// <summary>How many words there are.</summary>
    public static int Count(string text) => Split(text).Count;

    private static int EndOfRun(string text, int at)
    {
        while (at < text.Length)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length) != default || !IsOfWord(rune))
                break;
            at += length;
        }
        return at;
    }

    /// <summary>Python's <c>\w</c>, which unlike .NET's holds all numbers but no combining marks, and the above.</summary>
    private static bool IsOfWord(Rune rune)
    {
        if (rune.IsAscii)
            return Rune.IsLetterOrDigit(rune) || OnlyInside.Contains((char)rune.Value) || rune.Value == '`';
        if (rune.IsBmp && LookAlikes.Contains((char)rune.Value))
            return true;
        return PythonText.IsAlphanumeric(rune);
    }
}
