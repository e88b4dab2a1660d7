using System.Text;
using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>
/// Finds the scored texts that a model or one of its ancestors has read. Texts are the same where they differ in case
/// and white space only; a pair is seen as a pair, or where one of its texts was read alone.
/// </summary>
internal sealed class SeenTexts
{
    private readonly int _rows;
    private readonly Dictionary<string, List<int>> _rowsOf = [];
    private readonly Dictionary<string, bool[]> _seenIn = [];

    public SeenTexts(IReadOnlyList<Example> scored)
    {
        _rows = scored.Count;
        for (var row = 0; row < scored.Count; row++)
        {
            Register(Key(scored[row]), row);
            if (scored[row].TextB is not { } second)
                continue;
            Register(Normalised(scored[row].Text), row);
            Register(Normalised(second), row);
        }
    }

    /// <summary>For each scored row whether any split of the ancestry holds its text.</summary>
    public bool[] By(ModelCard card, StepWork work)
    {
        var seen = new bool[_rows];
        foreach (var split in card.Ancestry.Select(use => use.Split).DistinctBy(split => split.Id))
        {
            if (!_seenIn.TryGetValue(split.Id, out var there))
                _seenIn[split.Id] = there = In(work.Rows(split), work.Stop);
            for (var row = 0; row < _rows; row++)
                seen[row] |= there[row];
        }
        return seen;
    }

    private bool[] In(IEnumerable<Example> examples, CancellationToken stop)
    {
        var seen = new bool[_rows];
        foreach (var example in examples)
        {
            stop.ThrowIfCancellationRequested();
            if (_rowsOf.TryGetValue(Key(example), out var rows))
                rows.ForEach(row => seen[row] = true);
        }
        return seen;
    }

    private void Register(string key, int row)
    {
        if (!_rowsOf.TryGetValue(key, out var rows))
            _rowsOf[key] = rows = [];
        rows.Add(row);
    }

    // U+001F keeps the two texts of a pair apart; normalising turns it into a space elsewhere.
    private static string Key(Example example) =>
        example.TextB is null
            ? Normalised(example.Text)
            : Normalised(example.Text) + '\u001F' + Normalised(example.TextB);

    private static string Normalised(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var letter in text)
            if (!char.IsWhiteSpace(letter) && letter != '\u001F')
                words.Append(char.ToLowerInvariant(letter));
            else if (words.Length > 0 && words[^1] != ' ')
                words.Append(' ');
        return words.ToString().TrimEnd(' ');
    }
}
