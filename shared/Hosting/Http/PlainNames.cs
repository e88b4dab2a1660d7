using System.Globalization;
using System.Text.RegularExpressions;

namespace TransferPipeline.Hosting.Http;

/// <summary>Names that a caller gives; none of them can lead to a folder or another machine.</summary>
public static partial class PlainNames
{
    private const int Longest = 128;

    /// <summary>A name under which something is stored, as the query's <c>name</c> gives it.</summary>
    /// <exception cref="ApiProblemException">It is missing or no plain name.</exception>
    public static string OfEntry(string? name) =>
        string.IsNullOrEmpty(name)
            ? throw ApiProblemException.BadInput("The query has no name; expected '?name=' and a name.")
        : name.Length <= Longest && EntryName().IsMatch(name) ? name
        : throw ApiProblemException.BadInput(
            $"name '{name}' is no name; expected at most {Longest} letters, digits, '.', '_' and '-', beginning with a letter or digit."
        );

    /// <summary>The name of an uploaded file; never a path.</summary>
    /// <exception cref="ApiProblemException">It is missing, or has a folder, a scheme or invisible characters in it.</exception>
    public static string OfFile(string? name) =>
        name is { Length: > 0 and <= Longest } && name[0] != '.' && name.All(IsPlain)
            ? name
            : throw ApiProblemException.BadInput(
                $"The file name '{name}' is not plain; expected at most {Longest} characters, no '/', '\\' or ':', not beginning with '.'."
            );

    private static bool IsPlain(char letter) =>
        letter is not ('/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
        && CharUnicodeInfo.GetUnicodeCategory(letter)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.Surrogate
            );

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex EntryName();
}
