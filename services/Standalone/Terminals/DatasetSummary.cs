using System.Globalization;
using Spectre.Console;
using TransferPipeline.Ingestion.Importing;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>What a person wants to know of a dataset just stored.</summary>
internal static class DatasetSummary
{
    public static void Show(Terminal terminal, ImportResult stored)
    {
        var statistics = stored.Statistics;
        foreach (var note in statistics.Notes)
            terminal.Say($"guessed {note}");

        var table = Terminal.Table(
            "split",
            "rows",
            "labelled",
            "labels",
            "characters (median, 95 %, most)",
            "duplicates"
        );
        foreach (var split in statistics.Splits)
            table.AddRow(
                Terminal.Cell(split.Name),
                Terminal.Cell(split.Rows),
                Terminal.Cell(split.Labelled),
                Terminal.Cell(Labels(split.Labels)),
                Terminal.Cell($"{split.Characters.Median}, {split.Characters.Percentile95}, {split.Characters.Most}"),
                Terminal.Cell(split.Duplicates)
            );
        terminal.Show(table);

        foreach (var leak in statistics.Leaks)
        {
            terminal.Say($"{leak.Texts} texts of {leak.Split} are in {leak.Other} too (--strict refuses that):");
            foreach (var example in leak.Examples)
                terminal.Say("  " + example);
        }
        var dataset = stored.Document;
        terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(stored.IsNew ? "Stored" : "Already stored as")} {dataset.Id}, {dataset.DatasetId}"
            )
        );
    }

    private static string Labels(IReadOnlyDictionary<string, long> labels) =>
        string.Join(", ", labels.Take(8).Select(pair => $"{pair.Key}: {pair.Value}"))
        + (labels.Count > 8 ? $" … ({labels.Count} labels)" : "");
}
