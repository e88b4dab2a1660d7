namespace TransferPipeline.Perturbation.Texts;

/// <summary>A stretch of two texts: in both, only before, or only after.</summary>
public readonly record struct TextStretch(StretchKind Kind, string Text);

/// <summary>Which of two texts a stretch stands in.</summary>
public enum StretchKind
{
    Both,
    Before,
    After,
}

/// <summary>What differs between two texts, word by word: a longest sequence of common words stays.</summary>
public static class WordDifference
{
    /// <summary>The stretches in their order; at a change what was before comes first.</summary>
    public static IReadOnlyList<TextStretch> Of(string before, string after)
    {
        var (one, other) = (Pieces(before), Pieces(after));
        var stretches = new List<TextStretch>();
        // Edits are few and near each other: the table below covers what lies between the first and the last.
        var from = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var behind = one.Skip(from)
            .Reverse()
            .Zip(other.Skip(from).Reverse())
            .TakeWhile(pair => pair.First == pair.Second)
            .Count();
        List<string> end = one[^behind..];
        foreach (var piece in one[..from])
            Add(StretchKind.Both, piece);
        (one, other) = (one[from..^behind], other[from..^behind]);
        var common = new int[one.Count + 1, other.Count + 1];
        for (var i = one.Count - 1; i >= 0; i--)
        for (var j = other.Count - 1; j >= 0; j--)
            common[i, j] = one[i] == other[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);

        var (at, otherAt) = (0, 0);
        while (at < one.Count || otherAt < other.Count)
            if (at < one.Count && otherAt < other.Count && one[at] == other[otherAt])
                (_, at, otherAt) = (Add(StretchKind.Both, one[at]), at + 1, otherAt + 1);
            else if (otherAt == other.Count || (at < one.Count && common[at + 1, otherAt] >= common[at, otherAt + 1]))
                Add(StretchKind.Before, one[at++]);
            else
                Add(StretchKind.After, other[otherAt++]);
        foreach (var piece in end)
            Add(StretchKind.Both, piece);
        return stretches;

        bool Add(StretchKind kind, string text)
        {
            if (stretches.Count > 0 && stretches[^1].Kind == kind)
                stretches[^1] = new(kind, stretches[^1].Text + text);
            else
                stretches.Add(new(kind, text));
            return true;
        }
    }

    /// <summary>One of the texts with marks around what only it has.</summary>
    public static string Mark(string before, string after, StretchKind side, string open, string close) =>
        string.Concat(
            Of(before, after)
                .Where(stretch => stretch.Kind == StretchKind.Both || stretch.Kind == side)
                .Select(stretch => stretch.Kind == side ? $"{open}{stretch.Text}{close}" : stretch.Text)
        );

    /// <summary>Words and what lies between them.</summary>
    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        var taken = 0;
        foreach (var word in WordSplitter.Split(text))
        {
            if (word.Start > taken)
                pieces.Add(text[taken..word.Start]);
            pieces.Add(word.Word);
            taken = word.End;
        }
        if (taken < text.Length)
            pieces.Add(text[taken..]);
        return pieces;
    }
}
