using System.Globalization;
using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Size, speed and memory of the models side by side, in whatever format.</summary>
internal static class CostTable
{
    public const string Caption =
        "Means over seeds. Memory is the most that the training process took beyond what it held before, speed that of scoring; both as "
        + "the machine did it, whatever else it did.";

    public static IReadOnlyList<string> Heads { get; } =
    ["step", "model", "at", "parameters", "MB of files", "seconds of training", "MB of training", "texts per second"];

    /// <summary>Columns that hold words; the others hold figures.</summary>
    public const int Words = 3;

    public static IEnumerable<IReadOnlyList<string>> Rows(Study study) =>
        study.Summaries.Select(summary =>
            (string[])
                [
                    summary.Step,
                    summary.Model,
                    summary.Cell.ToString(),
                    summary.Cost.Parameters is { } count ? count.ToString("N0", CultureInfo.InvariantCulture) : "–",
                    Figure(summary.Cost.Bytes / Million),
                    Figure(summary.Cost.TrainingSeconds),
                    Figure(summary.Cost.PeakMemory / Million),
                    Figure(summary.Cost.TextsPerSecond),
                ]
        );

    private const double Million = 1e6;

    private static string Figure(double? value) =>
        value is { } known
            ? Wording.Number(
                known,
                known < 10 ? 2
                    : known < 1000 ? 1
                    : 0
            )
            : "–";
}
