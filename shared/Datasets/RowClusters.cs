namespace TransferPipeline.Datasets;

/// <summary>Rows that must stay on one side of a cut, because they share a text, a group or an origin.</summary>
public sealed class RowClusters : IDisposable
{
    private readonly SlotTable _firstRows = new();
    private int[] _parents = [];

    /// <summary>Rows seen so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Different clusters.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a row together with all rows of the same key. 64 bits of the key count: a chance meeting only keeps two rows together.</summary>
    public void Add(int row, UInt128 key)
    {
        Reserve(row);
        ref var entry = ref _firstRows.Entry((byte)(key >> 120), (ulong)(key >> 56));
        if (entry == 0)
            entry = (uint)row + 1;
        else
            Join(row, (int)entry - 1);
    }

    /// <summary>The first row of the cluster that this row is in.</summary>
    public int FirstOf(int row)
    {
        while (_parents[row] != row)
            row = _parents[row] = _parents[_parents[row]];
        return row;
    }

    /// <summary>For each row the next one of its cluster, in a ring.</summary>
    public int[] Rings()
    {
        var next = new int[Rows];
        for (var row = 0; row < Rows; row++)
        {
            next[row] = row;
            var first = FirstOf(row);
            if (first != row)
                (next[row], next[first]) = (next[first], row);
        }
        return next;
    }

    /// <summary>Frees the keys; what was joined can still be asked, but nothing added.</summary>
    public void Dispose() => _firstRows.Dispose();

    private void Reserve(int row)
    {
        if (row >= _parents.Length)
            Array.Resize(ref _parents, Math.Max(1024, Math.Max(row + 1, _parents.Length + _parents.Length / 2)));
        for (; Rows <= row; Rows++, Count++)
            _parents[Rows] = Rows;
    }

    private void Join(int one, int other)
    {
        (one, other) = (FirstOf(one), FirstOf(other));
        if (one == other)
            return;
        Count--;
        _parents[Math.Max(one, other)] = Math.Min(one, other);
    }
}
