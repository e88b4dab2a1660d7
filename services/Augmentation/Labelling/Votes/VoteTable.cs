namespace TransferPipeline.Augmentation.Labelling.Votes;

/// <summary>What each function says of each row: the number of a label, or that it abstains.</summary>
/// <param name="functions">Their names.</param>
internal sealed class VoteTable(IReadOnlyList<string> functions, IReadOnlyList<string> labels, int rows)
{
    public const sbyte Abstains = -1;

    private readonly sbyte[] _votes = AllAbstain(rows * functions.Count); // (rows, functions)

    public IReadOnlyList<string> Functions { get; } = functions;

    public IReadOnlyList<string> Labels { get; } = labels;

    public int Rows { get; } = rows;

    public sbyte this[int row, int function]
    {
        get => _votes[row * Functions.Count + function];
        set => _votes[row * Functions.Count + function] = value;
    }

    public ReadOnlySpan<sbyte> Row(int row) => _votes.AsSpan(row * Functions.Count, Functions.Count);

    private static sbyte[] AllAbstain(int count)
    {
        var votes = new sbyte[count];
        Array.Fill(votes, Abstains);
        return votes;
    }
}
