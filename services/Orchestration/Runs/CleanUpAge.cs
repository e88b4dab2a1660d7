using System.Globalization;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>How old a thing is that a clean-up takes, as people write it: <c>1d</c>, <c>12h</c>, <c>0</c>.</summary>
public static class CleanUpAge
{
    /// <summary>What is expected, for messages.</summary>
    public const string Expected = "expected 0, or a number and s, m, h or d, as in 1d or 12h";

    private const double Most = 100_000;

    /// <returns>Null where the text is no age.</returns>
    public static TimeSpan? Of(string text) =>
        text == "0" ? TimeSpan.Zero
        : UnitOf(text) is { } unit
        && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
        && count < Most
            ? unit * count
        : null;

    private static TimeSpan? UnitOf(string text) =>
        text.LastOrDefault() switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
}
