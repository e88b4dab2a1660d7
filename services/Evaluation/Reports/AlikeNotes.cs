using System.Globalization;
using System.Text.RegularExpressions;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Notes that differ in their numbers alone, told as one: many cells say the same of 12, 13 and 29 texts.</summary>
internal static partial class AlikeNotes
{
    /// <summary>Each kind once, where its first stood, with the smallest and the largest of each of its numbers.</summary>
    public static IEnumerable<string> Merge(IEnumerable<string> notes) =>
        notes.Distinct().GroupBy(note => Number().Replace(note, "#")).Select(Merge);

    private static string Merge(IGrouping<string, string> alike)
    {
        var numbers = alike.Select(note => Number().Matches(note).Select(match => match.Value).ToArray()).ToArray();
        var ranges = new Queue<string>(
            Enumerable.Range(0, numbers[0].Length).Select(place => Range(numbers.Select(one => one[place])))
        );
        return Number().Replace(alike.First(), _ => ranges.Dequeue());
    }

    private static string Range(IEnumerable<string> numbers)
    {
        var sorted = numbers.OrderBy(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return Wording.Range(sorted[0], sorted[^1]);
    }

    // Not those inside a name, such as step2 or minilm-6.
    [GeneratedRegex(@"(?<![\w.-])[0-9]+(?:\.[0-9]+)?(?![\w-])")]
    private static partial Regex Number();
}
