namespace TransferPipeline.Evaluation.Api;

/// <summary>A form that a report is written in.</summary>
/// <param name="Route">Its path below the run.</param>
/// <param name="File">Its name among the report step's files.</param>
internal sealed record ReportForm(string Route, string File, string MediaType)
{
    public static IReadOnlyList<ReportForm> All { get; } =
    [
        new("/report", "report.json", "application/json"),
        new("/report.json", "report.json", "application/json"),
        new("/report.md", "report.md", "text/markdown; charset=utf-8"),
        new("/report.html", "report.html", "text/html; charset=utf-8"),
    ];
}
