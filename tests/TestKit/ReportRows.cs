using System.Text.Json.Nodes;

namespace TransferPipeline.TestKit;

/// <summary>The rows of a report as text; equal rows are equal apart from their seconds.</summary>
public static class ReportRows
{
    public static string Of(JsonNode report)
    {
        var rows = report["rows"]!.DeepClone().AsArray();
        foreach (var row in rows)
            row!.AsObject().Remove("seconds");
        return rows.ToJsonString();
    }
}
