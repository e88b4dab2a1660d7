using System.Globalization;
using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>An attack's log as a table: what was changed stands between double brackets.</summary>
internal static class AttackCsv
{
    private static readonly string[] Heads =
    [
        "id",
        "outcome",
        "label",
        "predicted",
        "perturbed_predicted",
        "original_text",
        "perturbed_text",
        "original_score",
        "perturbed_score",
        "words",
        "words_changed",
        "queries",
        "forwards",
    ];

    public static ArtefactRef Store(IEnumerable<AttackedText> results, StepWork work) =>
        work.Store(
            async (to, _) =>
            {
                await using var writer = new StreamWriter(to, new UTF8Encoding(false), leaveOpen: true);
                await writer.WriteAsync(Line(Heads));
                foreach (var result in results)
                    await writer.WriteAsync(Line(Fields(result)));
            }
        );

    internal static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Field)) + "\r\n";

    internal static IEnumerable<string> Fields(AttackedText result) =>
        [
            result.Id,
            result.Outcome.ToString().ToLowerInvariant(),
            result.Label,
            result.Predicted,
            result.PerturbedPredicted,
            Both(result, StretchKind.Before),
            Both(result, StretchKind.After),
            Figure(result.Score),
            Figure(result.PerturbedScore),
            Figure(result.Words),
            Figure(result.WordsChanged),
            Figure(result.Queries),
            Figure(result.Forwards),
        ];

    private static string Both(AttackedText result, StretchKind side)
    {
        var first = WordDifference.Mark(result.Text, result.Perturbed, side, "[[", "]]");
        return result is { TextB: { } before, PerturbedB: { } after }
            ? $"{first} | {WordDifference.Mark(before, after, side, "[[", "]]")}"
            : first;
    }

    private static string Figure(double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A field that a table calculator would take for a formula begins with an apostrophe.</summary>
    private static string Field(string text)
    {
        if (text.Length > 0 && "=+-@\t\0\r".Contains(text[0]))
            text = "'" + text;
        return text.IndexOfAny([',', '"', '\r', '\n']) < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }
}
