using System.Text.RegularExpressions;
using TransferPipeline.Datasets;

namespace TransferPipeline.Synthesis.Texts;

/// <summary>Parts of a sentence that can stand beside parts of another.</summary>
internal static partial class Clauses
{
    /// <summary>The text cut after commas, semicolons, colons, dashes and ends of sentences, and before conjunctions.</summary>
    public static IReadOnlyList<string> Of(string text) =>
        [.. Boundary().Split(text).Select(part => part.Trim()).Where(part => part.Length > 0)];

    /// <summary>A beginning of one text and an end of the other; each gives a clause at least, and not both give all.</summary>
    public static string Cross(IReadOnlyList<string> first, IReadOnlyList<string> second, SeededRandom random)
    {
        var head = 1 + random.Next(Math.Max(1, first.Count - 1));
        var tail = 1 + random.Next(Math.Max(1, second.Count - 1));
        return string.Join(' ', first.Take(head).Concat(second.Skip(second.Count - tail)));
    }

    [GeneratedRegex(
        @"(?<=[,;:.!?])\s+|\s+(?=--?\s)|\s+(?=(?:and|but|or|because|although|though|while|when|which|who|that|so|yet)\s)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Boundary();
}
