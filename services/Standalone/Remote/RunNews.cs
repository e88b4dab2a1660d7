using System.Net.ServerSentEvents;
using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Desks;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Standalone.Remote;

/// <summary>What is known of a run: told by the server's events, asked for where none come.</summary>
internal sealed class RunNews(ApiClient api, IStudyDesk desk, RunDocument run, TimeProvider time)
{
    // Nothing may happen for long in a training; a silent line looks the same.
    private static readonly TimeSpan AskAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskAfterWithoutEvents = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ListenAgainAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StepDocument> _steps = [];
    private RunDocument _run = run;
    private string? _lastEvent;
    private long? _asked;
    private volatile bool _listening;

    /// <summary>What is known now; asks where the last answer is old.</summary>
    public async Task<(bool Ended, IReadOnlyList<StepDocument> Steps)> LookAsync(CancellationToken cancellation)
    {
        if (IsOld())
            await AskAsync(cancellation);
        lock (_gate)
            return (_run.State != RunState.Running, [.. _run.Steps.Select(id => _steps[id])]);
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        try
        {
            // The run first: once it has ended, its steps no longer change.
            var current = await desk.RunAsync(_run.Id, cancellation);
            var steps = await desk.StepsAsync(_run.Id, cancellation);
            lock (_gate)
            {
                foreach (var step in steps)
                    Take(step);
                Take(current);
            }
        }
        catch (ServerAwayException) when (_asked is not null)
        {
            // The run does not need this line: what is known stands until the server is back.
        }
        lock (_gate)
            _asked = time.GetTimestamp();
    }

    /// <summary>Takes the server's events until cancelled; a line that breaks is taken up after the last event.</summary>
    public async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(cancellation);
            }
            catch (Exception broken)
                when (broken is HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                // Asked for instead, until events come again.
            }
            _listening = false;
            await Task.Delay(ListenAgainAfter, time, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        using var answer = await api.ListenAsync(
            $"api/runs/{Uri.EscapeDataString(_run.Id)}/events",
            _lastEvent,
            cancellation
        );
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var events = SseParser.Create(body);
        await foreach (var told in events.EnumerateAsync(cancellation))
        {
            Take(told.EventType, told.Data);
            _lastEvent = events.LastEventId is { Length: > 0 } id ? id : _lastEvent;
            _listening = true;
        }
    }

    private bool IsOld()
    {
        lock (_gate)
            return _asked is not { } asked
                || time.GetElapsedTime(asked) >= (_listening ? AskAfter : AskAfterWithoutEvents);
    }

    private void Take(string kind, string data)
    {
        lock (_gate)
        {
            switch (kind)
            {
                case "step" when Read<StepDocument>(data) is { } step:
                    Take(step);
                    break;
                case "progress"
                    when Read<Progressed>(data) is { } told && _steps.TryGetValue(told.Step, out var running):
                    _steps[told.Step] = running with { Progress = told.Progress };
                    break;
                case "run" when Read<RunDocument>(data) is { } current:
                    Take(current);
                    break;
            }
        }
    }

    /// <summary>An answer may have been on its way longer than an event; the higher version is the newer.</summary>
    private void Take(StepDocument step)
    {
        if (!_steps.TryGetValue(step.Id, out var known) || known.Version <= step.Version)
            _steps[step.Id] = step;
    }

    private void Take(RunDocument current)
    {
        if (_run.Version <= current.Version)
            _run = current;
    }

    private static T? Read<T>(string data) => JsonSerializer.Deserialize<T>(data, WireFormat.Options);

    private sealed record Progressed(string Step, StepProgress Progress);
}
