namespace TransferPipeline.Modelling.Tokenization;

/// <summary>What stays of a pair of texts that is too long.</summary>
internal static class Truncation
{
    /// <summary>How much of each text of a pair stays: the longer is cut first, the odd token goes to the second.</summary>
    public static (int A, int B) Shares(int a, int b, int room)
    {
        if (a + b <= room)
            return (a, b);
        var shorter = Math.Min(a, b);
        var (less, more) = 2 * shorter <= room ? (shorter, room - shorter) : (room / 2, room - room / 2);
        return a > b ? (more, less) : (less, more);
    }
}
