namespace TransferPipeline.Perturbation.Texts;

/// <summary>
/// Which words of a text are edited, and where the words of its original stand, while words are replaced from the first on.
/// </summary>
/// <param name="modified">Edited words before.</param>
/// <param name="places">For each word of the original its index before; -1 where it was deleted.</param>
internal sealed class EditedIndices(IReadOnlyList<int> modified, IReadOnlyList<int> places)
{
    private readonly SortedSet<int> _newlyModified = [];
    private SortedSet<int> _modified = [.. modified];
    private int _moved;

    public int[] Places { get; } = [.. places];

    public int[] Modified() => [.. _modified];

    public int[] NewlyModified() => [.. _newlyModified];

    /// <param name="index">As it was before all edits of this step.</param>
    /// <param name="count">Words that stand there now.</param>
    public void Replace(int index, int count, bool differs)
    {
        var at = index + _moved;
        if (count != 1)
        {
            var more = count - 1;
            _modified = [.. _modified.Where(other => other != at).Select(other => other > at ? other + more : other)];
            for (var word = 0; word < Places.Length; word++)
                if (Places[word] == at && count == 0)
                    Places[word] = -1;
                else if (Places[word] > at)
                    Places[word] += more;
            _moved += more;
        }
        if (!differs)
            return;
        for (var word = at; word < at + count; word++)
        {
            _modified.Add(word);
            _newlyModified.Add(word);
        }
    }
}
