using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Votes that came with the data: a column of the vote file.</summary>
internal sealed class ColumnVotes(string name, double? weight, VoteColumns columns, int column) : ILabellingFunction
{
    public string Name { get; } = name;

    public double? Weight { get; } = weight;

    public VoteColumns Columns { get; } = columns;

    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var column = block.Text("column")!;
        if (context.Columns is not { } columns)
            throw block.Fault(
                "column",
                $"function '{name}' reads votes that came with the data; expected the step's voteFile"
            );
        return columns.Find(column) is { } found
            ? new ColumnVotes(name, weight, columns, found)
            : throw block.Fault(
                "column",
                $"the vote file has no column '{column}'; expected one of {string.Join(", ", columns.Names)}"
            );
    }

    public IReadOnlyList<sbyte> Vote(IReadOnlyList<Example> rows, CancellationToken stop) =>
        [.. rows.Select(row => Columns.Vote(row.Id, column))];
}
