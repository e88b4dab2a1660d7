using System.Text.RegularExpressions;

namespace TransferPipeline.Datasets;

/// <summary>Answers as SQuAD 2.0's script compares them: lower case, no ASCII punctuation, no articles, single spaces.</summary>
public static partial class AnswerText
{
    /// <summary>Whether the two count as one answer.</summary>
    public static bool AreSame(string one, string other) => Words(one).SequenceEqual(Words(other));

    /// <summary>Whether an answer is one of those that count as right.</summary>
    public static bool IsAccepted(string said, IEnumerable<string> accepted) =>
        accepted.Any(answer => AreSame(answer, said));

    /// <summary>What is compared of an answer.</summary>
    public static string[] Words(string answer)
    {
        var bare = string.Concat(answer.ToLowerInvariant().Where(letter => !IsPunctuation(letter)));
        return Article().Replace(bare, " ").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool IsPunctuation(char letter) =>
        char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter));

    [GeneratedRegex(@"\b(a|an|the)\b")]
    private static partial Regex Article();
}
