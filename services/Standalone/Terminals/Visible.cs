using System.Globalization;
using System.Text;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>Texts of users on a terminal: control and bidirectional characters are shown as their code points.</summary>
internal static class Visible
{
    public static string In(string text)
    {
        if (!text.Any(Hides))
            return text;
        var shown = new StringBuilder(text.Length + 8);
        foreach (var letter in text)
            if (Hides(letter))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            else
                shown.Append(letter);
        return shown.ToString();
    }

    private static bool Hides(char letter) =>
        letter is not ('\n' or '\t' or '\r')
        && (
            char.IsControl(letter)
            || letter
                is (>= '\u202a' and <= '\u202e')
                    or (>= '\u2066' and <= '\u2069')
                    or '\u200e'
                    or '\u200f'
                    or '\u061c'
        );
}
