using System.Globalization;
using System.Runtime.InteropServices;

namespace TransferPipeline.Storage;

/// <summary>
/// Named places at which tests let a process die (SIGKILL) or stand still (SIGSTOP), to see that nothing is lost there.
/// <c>TRANSFER_FAULT=after-claim:2</c> kills at the second claim, <c>TRANSFER_FAULT=after-claim:2:pause</c> stops there.
/// </summary>
internal static class FaultPoints
{
    /// <summary>A step is this worker's, and no work was done.</summary>
    public const string AfterClaim = "after-claim";

    /// <summary>The bytes are in the store, the step's document does not name them.</summary>
    public const string BeforeResult = "before-result";

    /// <summary>The result is in the store, and nobody was told.</summary>
    public const string AfterResult = "after-result";

    /// <summary>One step became ready, the others that could are still waiting.</summary>
    public const string BetweenReadyWrites = "between-ready-writes";

    /// <summary>An artefact is written in part.</summary>
    public const string DuringUpload = "during-upload";

    /// <summary>A checkpoint's archive is written in part.</summary>
    public const string DuringCheckpoint = "during-checkpoint";

    private const string Variable = "TRANSFER_FAULT";
    private const int Kill = 9;
    private const int Stop = 19; // Of Linux.

    private static readonly Plan? Planned = Plan.Read(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Does nothing unless that point was named when the process started.</summary>
    public static void Reach(string point) => Planned?.Reach(point);

    private sealed class Plan(string point, int times, int signal)
    {
        private int _left = times;

        public static Plan? Read(string? text) =>
            text?.Split(':') switch
            {
                null or [""] => null,
                [var point] => new(point, 1, Kill),
                [var point, var times] => new(point, Number(times), Kill),
                [var point, var times, "pause"] => new(point, Number(times), Stop),
                _ => throw Wrong(text),
            };

        public void Reach(string reached)
        {
            if (reached == point && Interlocked.Decrement(ref _left) == 0)
                _ = Signal(Environment.ProcessId, signal);
        }

        private static int Number(string text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times > 0
                ? times
                : throw Wrong(text);

        private static FormatException Wrong(string text) =>
            new($"{Variable} '{text}': expected POINT, POINT:TIMES or POINT:TIMES:pause.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
