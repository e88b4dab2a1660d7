using System.Diagnostics;
using System.Globalization;

namespace TransferPipeline.Storage.Documents;

/// <summary>A process of this machine: ids of processes are reused, so start time and boot id stand beside it.</summary>
public sealed record RunOwner(string BootId, int ProcessId, string ProcessStart)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This process.</summary>
    public static RunOwner Current() => new(ThisBoot(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? "");

    /// <summary>Whether that very process still runs.</summary>
    public bool IsAlive() => BootId == ThisBoot() && StartOf(ProcessId) == ProcessStart;

    private static string ThisBoot() => File.Exists(BootIdFile) ? File.ReadAllText(BootIdFile).Trim() : "";

    private static string? StartOf(int process) =>
        Directory.Exists("/proc/self") ? TicksSinceBoot(process) : StartTime(process);

    /// <summary>Field 22 of <c>/proc/PID/stat</c>; null where there is no such process, or only its unreaped remains.</summary>
    private static string? TicksSinceBoot(int process)
    {
        try
        {
            // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
            var stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? StartTime(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
