using System.Globalization;
using Spectre.Console;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>Shows a run while it goes on: bars on a terminal, a line per event elsewhere.</summary>
internal sealed class RunDisplay(Terminal terminal, TimeProvider time)
{
    private readonly Dictionary<string, StepState> _shown = [];
    private readonly Dictionary<string, (long At, string Text)> _lastProgress = [];

    /// <summary>Follows the steps until <paramref name="load"/> says that the run has ended.</summary>
    public async Task FollowAsync(
        Func<Task<(bool Ended, IReadOnlyList<StepDocument> Steps)>> load,
        CancellationToken cancellation
    )
    {
        if (terminal.Interactive)
            await DrawAsync(load, cancellation);
        else
            await WriteAsync(load, cancellation);
    }

    private async Task WriteAsync(
        Func<Task<(bool Ended, IReadOnlyList<StepDocument> Steps)>> load,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var (ended, steps) = await load();
            foreach (var step in steps)
                Report(step, steps);
            if (ended)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellation);
        }
    }

    private void Report(StepDocument step, IReadOnlyList<StepDocument> all)
    {
        var before = _shown.GetValueOrDefault(step.Id, StepState.Waiting);
        if (before != step.State && step.State is not (StepState.Waiting or StepState.Ready))
        {
            var ended = all.Count(other => HasEnded(other.State));
            terminal.Say($"[{ended}/{all.Count}] {Title(step)}: {Outcome(step)}");
        }
        else if (step.State == StepState.Running && step.Progress is { } progress && Due(step.Id, progress.Text))
        {
            terminal.Say($"        {Title(step)}: {progress.Text}{Left(progress)}");
        }
        _shown[step.Id] = step.State;
    }

    /// <summary>News are told every ten seconds, and nothing twice.</summary>
    private bool Due(string step, string text)
    {
        var now = time.GetTimestamp();
        if (
            _lastProgress.TryGetValue(step, out var last)
            && (last.Text == text || time.GetElapsedTime(last.At, now).TotalSeconds < 10)
        )
            return false;
        _lastProgress[step] = (now, text);
        return true;
    }

    private async Task DrawAsync(
        Func<Task<(bool Ended, IReadOnlyList<StepDocument> Steps)>> load,
        CancellationToken cancellation
    ) =>
        await terminal
            .Output.Progress()
            .AutoClear(false)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new SpinnerColumn()
            )
            .StartAsync(async drawing =>
            {
                var whole = drawing.AddTask("all steps", maxValue: 1);
                var bars = new Dictionary<string, ProgressTask>();
                while (true)
                {
                    var (ended, steps) = await load();
                    foreach (var step in steps)
                        Draw(step, bars, drawing);
                    var done = steps.Count(step => HasEnded(step.State));
                    whole.MaxValue = Math.Max(1, steps.Count);
                    whole.Value = done;
                    whole.Description = $"{done} of {steps.Count} steps";
                    if (ended)
                        return;
                    await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellation);
                }
            });

    private void Draw(StepDocument step, Dictionary<string, ProgressTask> bars, ProgressContext drawing)
    {
        if (step.State == StepState.Running)
        {
            if (!bars.TryGetValue(step.Id, out var bar))
                bars[step.Id] = bar = drawing.AddTask(Markup.Escape(Title(step)), maxValue: 1);
            bar.Value = step.Progress?.Done ?? 0;
            var text = step.Progress is { } progress ? $"{Title(step)}  {progress.Text}{Left(progress)}" : Title(step);
            bar.Description = Markup.Escape(Visible.In(text));
        }
        else if (HasEnded(step.State) && _shown.GetValueOrDefault(step.Id) != step.State)
        {
            if (bars.TryGetValue(step.Id, out var bar))
            {
                bar.Value = 1;
                bar.StopTask();
            }
            if (step.State is StepState.Failed or StepState.Quarantined)
                terminal.Complain($"{Title(step)}: {Outcome(step)}");
        }
        _shown[step.Id] = step.State;
    }

    /// <summary>The step's name and its cell: <c>tuned [16, 13]</c>.</summary>
    public static string Title(StepDocument step) =>
        step.Cell.Count == 0
            ? step.Name
            : $"{step.Name} [{string.Join(", ", step.Cell.Select(pair => $"{pair.Key} {pair.Value}"))}]";

    /// <summary>What became of the step, in words.</summary>
    public static string Outcome(StepDocument step) =>
        step.State switch
        {
            StepState.Completed when step.CachedFrom is { } from => $"cached (from run {from})",
            StepState.Completed => $"completed{Duration(step)}",
            StepState.Failed => $"failed: {step.Error}",
            StepState.Quarantined => $"quarantined after {step.Attempts} attempts: {step.Error}",
            StepState.Ready when step.Device is not "cpu" => $"ready, for a worker with {step.Device}",
            StepState.Skipped => "skipped, a step it needs did not complete",
            _ => step.State.ToString().ToLowerInvariant(),
        };

    /// <summary>Whether nothing more will happen to a step in this state.</summary>
    public static bool HasEnded(StepState state) =>
        state is not (StepState.Waiting or StepState.Ready or StepState.Running);

    private static string Duration(StepDocument step) =>
        step is { Started: { } started, Ended: { } ended }
            ? string.Create(CultureInfo.InvariantCulture, $" in {(ended - started).TotalSeconds:0.0} s")
            : "";

    private static string Left(StepProgress progress) => progress.Left is { } left ? $", {Short(left)} left" : "";

    private static string Short(TimeSpan span) =>
        span.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min {span.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, span.TotalSeconds):0} s");
}
