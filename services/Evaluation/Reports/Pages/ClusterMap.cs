using TransferPipeline.Evaluation.Assessing;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Draws rows on the plane of their first two principal components, marked by their true label.</summary>
internal static class ClusterMap
{
    private const double Width = 640;
    private const double Height = 420;
    private const double Margin = 14;

    public static Html Of(Assessment assessment)
    {
        var points = assessment.Map;
        if (points.Count == 0)
            return Html.Empty;
        var (left, right) = (points.Min(point => point.X), points.Max(point => point.X));
        var (low, high) = (points.Min(point => point.Y), points.Max(point => point.Y));
        return Html.Of(
            $"""
            <figure><ul class="legend">{Html.Join(
                assessment.Labels.Index(),
                label => Html.Of(
                    $"""
                    <li><svg class="{Marks.Class(label.Index)}" width="16" height="14" aria-hidden="true"><path class="mark" d="{Marks.Path(
                        label.Index,
                        8,
                        7
                    )}"/></svg>{label.Item}</li>
                    """
                )
            )}</ul>
            <div class="wide"><svg class="map" viewBox="0 0 {Width} {Height}" role="img" aria-label="Rows on a plane, marked by label">{Html.Join(
                points,
                point => Html.Of(
                    $"""
                    <g class="{Class(point)}"><path class="mark" d="{Marks.Path(
                        point.Label ?? Marks.Colours - 1,
                        Place(point.X, left, right, Width),
                        Height - Place(point.Y, low, high, Height)
                    )}"><title>{Tip(assessment, point)}</title></path></g>
                    """
                )
            )}</svg></div>
            <figcaption>{points.Count} rows on the plane of their first two principal components, marked by their true label; those without a known one are grey.</figcaption></figure>

            """
        );
    }

    private static string Class(MapPoint point) =>
        point.Label is { } label ? Marks.Class(label) : $"s{Marks.Colours - 1}";

    private static string Tip(Assessment assessment, MapPoint point) =>
        (point.Label is { } label ? assessment.Labels[label] : "label not known")
        + (point.Cluster is { } cluster ? $", cluster {cluster}" : "");

    private static double Place(float value, float from, float to, double size) =>
        Margin + (to == from ? 0.5 : (value - from) / (to - from)) * (size - 2 * Margin);
}
