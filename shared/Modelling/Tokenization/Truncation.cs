namespace TransferPipeline.Modelling.Tokenization;

/// <summary>What stays of texts that are too long together.</summary>
internal static class Truncation
{
    /// <summary>How much of each text of a pair stays.</summary>
    public static (int A, int B) Shares(int a, int b, int room)
    {
        var kept = Shares([a, b], room);
        return (kept[0], kept[1]);
    }

    /// <summary>How much of each text stays: the longest are cut first; odd tokens go to the longest, of equals to the later.</summary>
    /// <param name="lengths">In tokens.</param>
    public static int[] Shares(IReadOnlyList<int> lengths, int room)
    {
        var kept = lengths.ToArray();
        var open = kept.Length;
        foreach (var length in lengths.Order())
        {
            if ((long)length * open > room)
                break;
            room -= length;
            open--;
        }
        // The texts that are left are longer than what each of them may keep.
        var longest = open == 0 ? int.MaxValue : room / open;
        var odd = open == 0 ? 0 : room % open;
        var cut = Enumerable.Range(0, kept.Length).Where(text => lengths[text] > longest);
        foreach (var text in cut.OrderByDescending(text => lengths[text]).ThenByDescending(text => text))
            kept[text] = longest + (odd-- > 0 ? 1 : 0);
        return kept;
    }
}
