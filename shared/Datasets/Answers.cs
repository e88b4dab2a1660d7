using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets;

/// <summary>A stretch of a context that answers a question.</summary>
/// <param name="Start">Where it begins in the context, in code points.</param>
public sealed record Answer(string Text, int Start)
{
    /// <summary>Where it begins in the context, in UTF-16 units; null where another text stands there.</summary>
    public int? StartIn(string context)
    {
        var start = Utf16Offset(context, Start);
        return start >= 0 && context.AsSpan(start).StartsWith(Text, StringComparison.Ordinal) ? start : null;
    }

    /// <summary>The place after so many code points; -1 beyond the text.</summary>
    private static int Utf16Offset(string text, int codePoints)
    {
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--)
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        return codePoints == 0 ? at : -1;
    }
}

/// <summary>The accepted answers of a question as its example's label: a JSON list, empty where the context holds none.</summary>
public static class Answers
{
    /// <summary>In a label set: the question has an answer.</summary>
    public const string Answerable = "answerable";

    /// <summary>In a label set: some questions have none, as in SQuAD 2.0.</summary>
    public const string Unanswerable = "unanswerable";

    /// <summary>The label.</summary>
    public static string Write(IReadOnlyList<Answer> answers) => JsonSerializer.Serialize(answers, WireFormat.Options);

    /// <summary>Reads what <see cref="Write"/> wrote; null where the text is something else.</summary>
    public static IReadOnlyList<Answer>? Read(string label)
    {
        try
        {
            var answers = JsonSerializer.Deserialize<IReadOnlyList<Answer>>(label, WireFormat.Options);
            return answers is null || answers.Any(answer => answer is null or { Text: null or "" } or { Start: < 0 })
                ? null
                : answers;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
