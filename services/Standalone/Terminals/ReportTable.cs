using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>
/// The summary of a report as a table: a line per step and cell, mean and interval of the study's metric, and what is left of
/// accuracy under attack and noise.
/// </summary>
internal static class ReportTable
{
    public static void Show(Terminal terminal, string reportJson)
    {
        if (Of(reportJson) is not { } table)
            return;
        table.Border = terminal.Interactive ? TableBorder.Rounded : TableBorder.Ascii;
        terminal.Show(table);
    }

    /// <summary>Null where no model was scored.</summary>
    internal static Table? Of(string reportJson)
    {
        var report = JsonNode.Parse(reportJson)!;
        var all = report["summary"]!.AsArray().Select(node => node!.AsObject()).ToList();
        // An older report names none.
        var metric = (string?)report["metric"] ?? "accuracy";
        var inPercent = report["metric"] is null || (string?)report["unit"] == "%";
        var rows = all.Where(row => (string?)row["metric"] == metric).ToList();
        if (rows.Count == 0)
            return null;

        var keys = rows.SelectMany(row => row.Select(pair => pair.Key)).Distinct().Except(Figures).ToList();
        var beside = Beside.Where(other => all.Any(row => (string?)row["metric"] == other.Metric)).ToList();
        var table = new Table();
        foreach (var key in keys)
            table.AddColumn(new TableColumn(Markup.Escape(key)));
        table.AddColumn(new TableColumn(Markup.Escape(inPercent ? $"{metric}, %" : metric)).RightAligned());
        table.AddColumn(new TableColumn("sd").RightAligned());
        table.AddColumn(new TableColumn(Markup.Escape("95 % interval")).RightAligned());
        foreach (var (_, head) in beside)
            table.AddColumn(new TableColumn(Markup.Escape(head)).RightAligned());
        table.AddColumn(new TableColumn("seeds").RightAligned());
        foreach (var row in rows)
            table.AddRow([
                .. keys.Select(key => Terminal.Cell(row[key])),
                Terminal.Cell(Figure(row["mean"])),
                Terminal.Cell(Figure(row["sd"])),
                Terminal.Cell(row["low"] is null ? "" : $"{Figure(row["low"])} – {Figure(row["high"])}"),
                .. beside.Select(other => Terminal.Cell(Percent(Mean(row, other.Metric)))),
                Terminal.Cell(row["seeds"]),
            ]);
        return table;

        JsonNode? Mean(JsonObject row, string other) =>
            all.Find(found =>
                (string?)found["metric"] == other && keys.All(key => JsonNode.DeepEquals(found[key], row[key]))
            )?["mean"];

        string Figure(JsonNode? value) =>
            value is null ? ""
            : inPercent ? Percent(value)
            : value.GetValue<double>().ToString("0.000", CultureInfo.InvariantCulture);
    }

    private static string Percent(JsonNode? value) =>
        value is null ? "" : (100 * value.GetValue<double>()).ToString("0.0", CultureInfo.InvariantCulture);

    private static readonly (string Metric, string Head)[] Beside =
    [
        ("accuracyUnderAttack", "under attack, %"),
        ("accuracyUnderNoise", "under noise, %"),
    ];

    private static readonly string[] Figures = ["metric", "mean", "sd", "low", "high", "seeds"];
}
