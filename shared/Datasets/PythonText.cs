using System.Globalization;
using System.Text;

namespace TransferPipeline.Datasets;

/// <summary>Characters as Python sees them, for what was defined by a Python program.</summary>
public static class PythonText
{
    /// <summary>Python's <c>str.isalnum()</c>, which with the underscore is its <c>\w</c>: all numbers, and no combining marks.</summary>
    public static bool IsAlphanumeric(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber;
}
