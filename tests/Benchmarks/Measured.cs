using System.Diagnostics;
using System.Globalization;

namespace TransferPipeline.Benchmarks;

/// <summary>Times of repeated work, after one repetition that does not count.</summary>
internal static class Measured
{
    /// <summary>
    /// Whether seconds of the processor are counted, of all threads together, and not of the clock: what other programs take of
    /// the machine then counts less.
    /// </summary>
    public static bool OfProcessor { get; set; }

    /// <summary>Seconds that work takes.</summary>
    public static double Once(Action work)
    {
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        work();
        return (OfProcessor ? Environment.CpuUsage.TotalTime - before : watch.Elapsed).TotalSeconds;
    }

    /// <summary>Seconds of each repetition, ascending.</summary>
    public static double[] Seconds(int repetitions, Action work)
    {
        work();
        var seconds = new double[repetitions];
        for (var i = 0; i < repetitions; i++)
        {
            seconds[i] = Once(work);
        }
        Array.Sort(seconds);
        return seconds;
    }

    /// <summary>Median of sorted figures.</summary>
    public static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    /// <summary>Prints a row of a table in Markdown.</summary>
    public static void Row(params object[] cells) =>
        Console.WriteLine(
            "| "
                + string.Join(
                    " | ",
                    cells.Select(cell =>
                        cell is double figure ? figure.ToString("G4", CultureInfo.InvariantCulture) : cell
                    )
                )
                + " |"
        );

    /// <summary>Prints a table's head.</summary>
    public static void Head(params string[] cells)
    {
        Row([.. cells]);
        Row([.. cells.Select(_ => "---")]);
    }

    /// <summary>The most memory this process held so far, in bytes (Linux).</summary>
    public static long PeakMemory() =>
        File.ReadLines("/proc/self/status")
            .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.AsSpan(6).Trim().TrimEnd("kB ").ToString(), CultureInfo.InvariantCulture))
            .Single() * 1024;
}
