using System.Runtime.InteropServices;

namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>
/// The different rows of a table of votes, in the order in which they first appear, and how often each does. Rows with equal
/// votes get equal labels, so a label model looks at each pattern once: ten functions make far fewer patterns than rows.
/// </summary>
internal sealed class VotePatterns
{
    private readonly List<sbyte> _votes = []; // (patterns, functions)
    private readonly List<double> _counts = [];
    private readonly Lazy<VoteGroups> _groups;
    private int[] _slots = new int[1024]; // Pattern + 1 at its hash or after it; 0 where there is none.

    public VotePatterns(VoteTable table)
    {
        (Functions, Labels) = (table.Functions.Count, table.Labels.Count);
        Rows = table.Rows;
        var patterns = new int[table.Rows];
        for (var row = 0; row < table.Rows; row++)
            _counts[patterns[row] = FindOrAdd(table.Row(row))]++;
        OfRow = patterns;
        _groups = new(() => new VoteGroups(this));
    }

    public int Functions { get; }

    public int Labels { get; }

    public int Rows { get; }

    /// <summary>Number of patterns.</summary>
    public int Count => _counts.Count;

    /// <summary>The pattern of each row.</summary>
    public IReadOnlyList<int> OfRow { get; }

    /// <summary>The patterns with the votes of several functions in one number.</summary>
    public VoteGroups Groups => _groups.Value;

    /// <summary>How many rows a pattern has.</summary>
    public double Weight(int pattern) => _counts[pattern];

    public ReadOnlySpan<sbyte> this[int pattern] =>
        CollectionsMarshal.AsSpan(_votes).Slice(pattern * Functions, Functions);

    /// <summary>Whether any function votes.</summary>
    public bool IsCovered(int pattern) => this[pattern].IndexOfAnyExcept(VoteTable.Abstains) >= 0;

    private int FindOrAdd(ReadOnlySpan<sbyte> votes)
    {
        if (2 * Count >= _slots.Length)
            Grow();
        var slot = SlotOf(votes);
        while (_slots[slot] != 0)
        {
            var pattern = _slots[slot] - 1;
            if (this[pattern].SequenceEqual(votes))
                return pattern;
            slot = (slot + 1) & (_slots.Length - 1);
        }
        _votes.AddRange(votes);
        _counts.Add(0);
        _slots[slot] = Count;
        return Count - 1;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (var pattern = 0; pattern < Count; pattern++)
        {
            var slot = SlotOf(this[pattern]);
            while (_slots[slot] != 0)
                slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = pattern + 1;
        }
    }

    private static ulong Mixed(ulong hash, ulong votes)
    {
        hash = (hash ^ votes) * 1099511628211;
        return hash ^ (hash >> 32);
    }

    private int SlotOf(ReadOnlySpan<sbyte> votes)
    {
        // FNV-1a over eight votes at a time; its low bits alone would fall together.
        var hash = 14695981039346656037;
        var eights = MemoryMarshal.Cast<sbyte, ulong>(votes);
        foreach (var eight in eights)
            hash = Mixed(hash, eight);
        foreach (var vote in votes[(8 * eights.Length)..])
            hash = Mixed(hash, (byte)vote);
        return (int)((hash ^ (hash >> 32)) & (ulong)(_slots.Length - 1));
    }
}
