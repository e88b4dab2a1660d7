using System.Runtime.InteropServices;

namespace TransferPipeline.Datasets;

/// <summary>
/// An open-addressing table of 12-byte slots outside the collected heap, in 256 parts that grow one at a time: 13.7 to
/// 17.1 bytes an entry, and never two whole tables at once.
/// </summary>
internal sealed unsafe class SlotTable : IDisposable
{
    private readonly Part[] _parts = new Part[256];

    /// <summary>
    /// The value of the entry with this key whose value, masked, has these bits; 0, to be set by the caller to something
    /// else, where it is new. Valid until the next call.
    /// </summary>
    public ref uint Entry(byte part, ulong key, uint mask = 0, uint bits = 0)
    {
        ref var home = ref _parts[part];
        if (home.Count >= home.Capacity * 7L / 8)
            home.Grow();
        var slot = home.Find(key, mask, bits);
        if (slot->Value == 0)
            home.Count++;
        slot->Key = key;
        return ref slot->Value;
    }

    public void Dispose()
    {
        foreach (ref var part in _parts.AsSpan())
            part.Free();
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Slot
    {
        public ulong Key;
        public uint Value;
    }

    private struct Part
    {
        private Slot* _slots;

        public int Capacity { get; private set; }
        public int Count { get; set; }

        public void Grow()
        {
            var old = _slots;
            var capacity = Capacity;
            Capacity = Math.Max(64, capacity + capacity / 4);
            _slots = (Slot*)NativeMemory.AllocZeroed((nuint)Capacity, (nuint)sizeof(Slot));
            for (var index = 0; index < capacity; index++)
                if (old[index].Value != 0)
                    *Find(old[index].Key, uint.MaxValue, old[index].Value) = old[index];
            NativeMemory.Free(old);
        }

        public void Free()
        {
            NativeMemory.Free(_slots);
            _slots = null;
            (Capacity, Count) = (0, 0);
        }

        /// <summary>The slot of the entry, or the free one where it belongs.</summary>
        public readonly Slot* Find(ulong key, uint mask, uint bits)
        {
            // The high half of the product spreads keys over any capacity, not only powers of two.
            var index = (int)Math.BigMul(key, (ulong)Capacity, out _);
            while (_slots[index].Value != 0 && (_slots[index].Key != key || (_slots[index].Value & mask) != bits))
                if (++index == Capacity)
                    index = 0;
            return _slots + index;
        }
    }
}
