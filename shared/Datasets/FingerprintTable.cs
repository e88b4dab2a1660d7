namespace TransferPipeline.Datasets;

/// <summary>
/// Fingerprints and four marks for each. 100 of the 128 bits are kept: any two of 100 million texts fall together in one
/// of 10^14 such tables.
/// </summary>
public sealed class FingerprintTable : IDisposable
{
    private readonly SlotTable _slots = new();

    /// <summary>Different fingerprints in the table.</summary>
    public long Count { get; private set; }

    /// <summary>Sets a mark (one of the lower four bits) and returns those that were set before; 0 for a new fingerprint.</summary>
    public int Mark(UInt128 fingerprint, int mark)
    {
        var (high, low) = ((ulong)(fingerprint >> 64), (ulong)fingerprint);
        var kept = (uint)low & ~15u;
        ref var entry = ref _slots.Entry((byte)(high >> 56), (high << 8) | (low >> 56), ~15u, kept);
        var before = (int)(entry & 15);
        if (before == 0)
            Count++;
        entry = kept | (uint)before | (uint)mark;
        return before;
    }

    public void Dispose() => _slots.Dispose();
}
