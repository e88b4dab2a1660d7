namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>How series are told apart: by colour, by the shape of their marks and by the dashes of their lines.</summary>
internal static class Marks
{
    public const int Colours = 8;

    private const double Radius = 4.6;

    public static string Class(int series) =>
        $"s{series % Colours} d{series / Colours % 3}" + (series == 0 ? " lead" : "");

    /// <summary>The outline of the series' mark around a point.</summary>
    public static Html Path(int series, double x, double y)
    {
        const double r = Radius;
        return (series % Colours) switch
        {
            0 => Html.Of($"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"),
            1 => Html.Of($"M{x - 4} {y - 4}h8v8h-8Z"),
            2 => Html.Of($"M{x} {y - 5.6}l5.6 5.6l-5.6 5.6l-5.6 -5.6Z"),
            3 => Html.Of($"M{x} {y - 5.4}l5.2 9.4h-10.4Z"),
            4 => Html.Of($"M{x} {y + 5.4}l5.2 -9.4h-10.4Z"),
            5 => Html.Of($"M{x - 1.7} {y - 5}h3.4v3.3h3.3v3.4h-3.3v3.3h-3.4v-3.3h-3.3v-3.4h3.3Z"),
            6 => Html.Of($"M{x - 2.6} {y - 4.6}h5.2l2.6 4.6l-2.6 4.6h-5.2l-2.6 -4.6Z"),
            _ => Html.Of($"M{x - 5} {y - 2}h10v4h-10Z"),
        };
    }
}
