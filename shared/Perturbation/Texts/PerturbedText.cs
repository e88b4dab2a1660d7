using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Perturbation.Texts;

/// <summary>
/// A text, or a pair of texts, whose words are replaced, deleted and inserted with the spacing that TextAttack 0.3.11 keeps
/// (<c>AttackedText</c>). It does not change: each edit gives a new one that knows where it came from.
/// </summary>
public sealed class PerturbedText
{
    private readonly string[] _columns;
    private readonly int[] _modified;
    private IReadOnlyList<WordSpan>? _words;
    private int[]? _places;

    private PerturbedText(
        string[] columns,
        PerturbedText? previous,
        IReadOnlyList<TextEdit> edits,
        int[] modified,
        int[] newlyModified,
        int[]? places
    )
    {
        (_columns, Previous, Edits) = (columns, previous, edits);
        (_modified, NewlyModified, _places) = (modified, newlyModified, places);
        Original = previous?.Original ?? this;
        Text = columns.Length == 1 ? columns[0] : string.Join('\n', columns);
    }

    /// <summary>One text, or a pair.</summary>
    public static PerturbedText Of(string first, string? second = null) =>
        new(second is null ? [first] : [first, second], null, [], [], [], null);

    /// <summary>A text that was given to a model.</summary>
    public static PerturbedText Of(ModelText text) => Of(text.First, text.Second);

    /// <summary>All of it; a line break lies between two texts.</summary>
    public string Text { get; }

    /// <summary>What a model reads.</summary>
    public ModelText Model => new(_columns[0], _columns.Length > 1 ? _columns[1] : null);

    /// <summary>The words of both texts, in their order.</summary>
    public IReadOnlyList<WordSpan> Words =>
        _words ??=
            _columns.Length == 1 ? WordSplitter.Split(_columns[0]) : [.. _columns.SelectMany(WordSplitter.Split)];

    /// <summary>The text that all edits began with.</summary>
    public PerturbedText Original { get; }

    /// <summary>The text before the last edit; null for an original.</summary>
    public PerturbedText? Previous { get; }

    /// <summary>What changed since then, in the order in which it was done.</summary>
    public IReadOnlyList<TextEdit> Edits { get; }

    /// <summary>Words that were edited in any step, by their index here and rising.</summary>
    public IReadOnlyList<int> Modified => _modified;

    /// <summary>Those that the last step edited.</summary>
    public IReadOnlyList<int> NewlyModified { get; }

    /// <summary>Whether a word was edited.</summary>
    public bool IsModified(int index) => Array.BinarySearch(_modified, index) >= 0;

    /// <summary>Where a word of the original stands here; -1 where it was deleted.</summary>
    public int PlaceOf(int original) => Places[original];

    public PerturbedText Replace(int index, string word) => Replace([(index, word)]);

    public PerturbedText Delete(int index) => Replace(index, "");

    public PerturbedText InsertBefore(int index, string words) => Replace(index, $"{words} {Words[index].Word}");

    public PerturbedText InsertAfter(int index, string words) => Replace(index, $"{Words[index].Word} {words}");

    /// <summary>Other words in the places of some; an empty one deletes, several insert.</summary>
    public PerturbedText Replace(IReadOnlyList<(int Index, string Word)> words)
    {
        var edits = new List<TextEdit>(words.Count);
        var tracked = new EditedIndices(_modified, Places);
        var columns = _columns.ToArray();
        var (column, moved) = (0, 0);
        foreach (var (index, word) in words.OrderBy(one => one.Index))
        {
            var span = Words[index];
            if (span.Column != column)
                (column, moved) = (span.Column, 0);
            var count = WordSplitter.Count(word);
            tracked.Replace(index, count, word != span.Word);
            var edit = Edit(columns[column], index, span, moved, word, count == 0);
            columns[column] = edit.Apply(columns[column]);
            moved += edit.Inserted.Length - edit.Removed.Length;
            edits.Add(edit);
        }
        return new(columns, this, edits, tracked.Modified(), tracked.NewlyModified(), tracked.Places);
    }

    /// <summary>The text before the last edit, made from this one by undoing what changed; itself for an original.</summary>
    public PerturbedText Undo()
    {
        if (Previous is null)
            return this;
        var columns = _columns.ToArray();
        foreach (var edit in Edits.Reverse())
            columns[edit.Column] = edit.Undo(columns[edit.Column]);
        return new(
            columns,
            Previous.Previous,
            Previous.Edits,
            Previous._modified,
            [.. Previous.NewlyModified],
            Previous._places
        );
    }

    /// <summary>Indices at which this and another text have different words, as far as the shorter reaches.</summary>
    public IReadOnlyList<int> DifferentWords(PerturbedText other) =>
        [
            .. Enumerable
                .Range(0, Math.Min(Words.Count, other.Words.Count))
                .Where(index => Words[index].Word != other.Words[index].Word),
        ];

    public override string ToString() => Text;

    private int[] Places => _places ??= [.. Enumerable.Range(0, Words.Count)];

    /// <summary>A deleted word takes the space before it along, the first word of all the space behind it.</summary>
    private static TextEdit Edit(string text, int index, WordSpan span, int moved, string word, bool deleted)
    {
        var (start, end) = (span.Start + moved, span.End + moved);
        if (deleted && index == 0 && end < text.Length && text[end] == ' ')
            end++;
        else if (deleted && index > 0 && start > 0 && text[start - 1] == ' ')
            start--;
        return new(span.Column, start, text[start..end], word);
    }
}
