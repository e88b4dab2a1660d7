using System.Globalization;
using System.Text;
using TransferPipeline.Datasets;

namespace TransferPipeline.Modelling.Baselines;

/// <summary>
/// Words and pairs of neighbouring words as scikit-learn's vectorizers find them: lower case, runs of at least two of
/// Python's word characters (its pattern <c>(?u)\b\w\w+\b</c>).
/// </summary>
internal static class WordTerms
{
    /// <summary>Calls <paramref name="take"/> for each word, and for each two neighbours joined by a blank.</summary>
    public static void Each(string text, Action<string> take)
    {
        string? before = null;
        foreach (var word in Words(Lower(text)))
        {
            take(word);
            if (before is not null)
                take(before + " " + word);
            before = word;
        }
    }

    private static IEnumerable<string> Words(string text)
    {
        var (start, runes) = (0, 0);
        for (var i = 0; i <= text.Length; )
        {
            var step = 1;
            if (i < text.Length && IsWordCharacter(text, i, out step))
            {
                runes++;
            }
            else
            {
                if (runes >= 2)
                    yield return text[start..i];
                (start, runes) = (i + step, 0);
            }
            i += step;
        }
    }

    /// <summary>Python's str.isalnum() or an underscore; .NET's \w counts marks and connectors too, and no other numbers.</summary>
    private static bool IsWordCharacter(string text, int index, out int length)
    {
        if (!Rune.TryGetRuneAt(text, index, out var rune))
        {
            length = 1;
            return false;
        }
        length = rune.Utf16SequenceLength;
        return rune.Value == '_' || PythonText.IsAlphanumeric(rune);
    }

    /// <summary>Python's str.lower(): the simple mappings, İ as i with a dot above, and Σ as ς at the end of a word.</summary>
    private static string Lower(string text)
    {
        if (!text.Contains('Σ') && !text.Contains('İ'))
            return text.ToLowerInvariant();

        var lower = new StringBuilder(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
            lower.Append(
                text[i] switch
                {
                    'İ' => "i\u0307",
                    'Σ' when EndsWord(text, i) => "ς",
                    'Σ' => "σ",
                    _ => text[i].ToString(),
                }
            );
        return lower.ToString().ToLowerInvariant();
    }

    private static bool EndsWord(string text, int sigma)
    {
        var (before, after) = (sigma - 1, sigma + 1);
        while (before >= 0 && IsIgnorable(text[before]))
            before--;
        while (after < text.Length && IsIgnorable(text[after]))
            after++;
        return before >= 0 && IsCased(text[before]) && (after == text.Length || !IsCased(text[after]));
    }

    private static bool IsCased(char letter) => char.IsUpper(letter) || char.IsLower(letter);

    // Unicode's Case_Ignorable.
    private static bool IsIgnorable(char letter) =>
        letter is '\'' or '.' or ':' or '·' or '’' or '‘'
        || char.GetUnicodeCategory(letter)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.ModifierSymbol;
}
