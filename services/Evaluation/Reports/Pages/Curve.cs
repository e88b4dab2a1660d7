using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>One line of the learning curve.</summary>
/// <param name="Name">The step, and what else tells it apart.</param>
internal sealed record CurveLine(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>A mean over seeds at one place of the axis.</summary>
/// <param name="Place">Number of the axis value, from 0.</param>
internal sealed record CurvePoint(int Place, string Value, Sample Sample);

/// <summary>A metric over the values of a matrix key, one line per series, in the order of the comparison.</summary>
internal sealed record Curve(string Axis, string Metric, IReadOnlyList<string> Values, IReadOnlyList<CurveLine> Lines)
{
    /// <summary>What a point is the mean of.</summary>
    public string Counted { get; init; } = "seed";

    /// <summary>Null where the scenario asks for none or no row has a place on it.</summary>
    public static Curve? Of(Study study)
    {
        if (study.Axis is not { } axis)
            return null;
        var summaries = study.Summaries.Where(summary => summary.Cell[axis] is not null).ToArray();
        var values = Ordered([.. summaries.Select(summary => summary.Cell[axis]!).Distinct()]);
        CurveLine[] lines =
        [
            .. summaries
                .GroupBy(study.SeriesOf)
                .OrderBy(series => OrderOf(series.First().Step, study))
                .Select(series => new CurveLine(series.Key, Points(series, axis, study.Metric, values)))
                .Where(line => line.Points.Count > 0),
        ];
        return lines.Length == 0 ? null : new Curve(axis, study.Metric, values, lines);
    }

    private static IReadOnlyList<CurvePoint> Points(
        IEnumerable<Summary> series,
        string axis,
        string metric,
        IReadOnlyList<string> values
    ) =>
        [
            .. from summary in series
            let sample = summary.Of(metric)
            where sample is not null
            let place = values.Index().First(value => value.Item == summary.Cell[axis]).Index
            orderby place
            select new CurvePoint(place, values[place], sample),
        ];

    // Numbers rise; words such as full stay behind them.
    private static string[] Ordered(string[] values) =>
        [.. values.OrderBy(value => double.TryParse(value, out var number) ? number : double.PositiveInfinity)];

    private static int OrderOf(string step, Study study)
    {
        var index = study.Spec.Compare.ToList().IndexOf(step);
        return index < 0 ? int.MaxValue : index;
    }
}
