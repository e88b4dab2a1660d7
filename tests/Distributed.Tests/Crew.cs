namespace TransferPipeline.Distributed.Tests;

/// <summary>The processes of one test.</summary>
internal sealed class Crew(IReadOnlyList<string> settings) : IDisposable
{
    /// <summary>Every service that the study of these tests needs, and a second trainer; the trainers come last.</summary>
    /// <remarks>
    /// No more than that: RabbitMQ 3.10 can lose a quorum queue that is younger than some seconds when it is killed, and the
    /// more services come up, the younger the last queue is.
    /// </remarks>
    public static readonly string[] All = ["Ingestion", "Evaluation", "Orchestration", "Training", "Training"];

    private readonly List<ServiceProcess> _living = [];
    private readonly List<ServiceProcess> _dead = [];

    public IReadOnlyList<ServiceProcess> Living => _living;

    /// <summary>The logs of all, for a message.</summary>
    public string Log =>
        string.Concat(_dead.Concat(_living).Select(process => $"--- {process.Name} {process.Id}\n{process.Log}"));

    public ServiceProcess Start(string service, string? fault = null, params string[] further)
    {
        var process = new ServiceProcess(service, [.. settings, .. further], fault);
        _living.Add(process);
        return process;
    }

    public void StartAll()
    {
        foreach (var service in All)
            Start(service);
    }

    /// <summary>Those that have ended since the last call.</summary>
    public IReadOnlyList<ServiceProcess> TakeTheDead()
    {
        var dead = _living.Where(process => process.HasExited).ToList();
        foreach (var process in dead)
            Bury(process);
        return dead;
    }

    /// <summary>kill -9.</summary>
    public void Kill(ServiceProcess process)
    {
        process.KillHard();
        Bury(process);
    }

    /// <summary>SIGTERM.</summary>
    public async Task StopAsync(ServiceProcess process, CancellationToken cancellation)
    {
        await process.StopAsync(cancellation);
        Bury(process);
    }

    public void AssertAlive() =>
        Assert.All(_living, process => Assert.False(process.HasExited, $"{process.Name} ended: {process.Log}"));

    public void Dispose()
    {
        foreach (var process in _living.Concat(_dead))
            process.Dispose();
    }

    private void Bury(ServiceProcess process)
    {
        _living.Remove(process);
        _dead.Add(process);
    }
}
