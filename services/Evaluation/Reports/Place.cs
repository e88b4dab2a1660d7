using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Where in the matrix something holds, as the end of a clause.</summary>
internal static class Place
{
    /// <summary><c> with 16, 64 and all labels per class</c>; nothing where there is no matrix.</summary>
    /// <param name="axis">The key whose values are listed together where nothing else differs.</param>
    public static string Of(IReadOnlyList<MatrixCell> cells, string? axis)
    {
        if (cells.All(cell => cell.Values.Count == 0))
            return "";
        if (axis is null || cells.Any(cell => cell[axis] is null))
            return " with " + Wording.List([.. cells.Select(cell => cell.ToString())]);

        var groups = cells
            .GroupBy(cell => cell.Without(axis))
            .Select(group => Axis([.. group.Select(cell => cell[axis]!)], axis) + Rest(group.Key));
        return " with " + Wording.List([.. groups]);
    }

    private static string Axis(IReadOnlyList<string> values, string axis) =>
        Wording.Of(axis).StartsWith("labels", StringComparison.Ordinal)
            ? $"{Wording.List([.. values.Select(value => value == "full" ? "all" : value)])} {Wording.Of(axis)}"
            : $"{Wording.Of(axis)} {Wording.List(values)}";

    private static string Rest(MatrixCell rest) => rest.Values.Count == 0 ? "" : $" ({rest})";
}
