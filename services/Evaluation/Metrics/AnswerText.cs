using System.Text.RegularExpressions;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Answers as SQuAD 2.0's script compares them: lower case, no ASCII punctuation, no articles, single spaces.</summary>
internal static partial class AnswerText
{
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
