using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Distributed.Tests;

/// <summary>Sends commands and events of a run's steps again, too early, too late and in any order.</summary>
internal sealed class Mischief : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IHost _host;
    private readonly Random _random;
    private Task _sending = Task.CompletedTask;

    public Mischief(IEnumerable<string> settings, Random random)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCommandLine([.. settings.Select(setting => "--" + setting)]);
        builder.Services.AddPipelineBus(builder.Configuration);
        _host = builder.Build();
        _random = random;
    }

    /// <summary>Messages that were sent.</summary>
    public int Sent { get; private set; }

    public Task StartAsync() => _host.StartAsync();

    /// <summary>Sends one more; none while the last one waits for the broker.</summary>
    public void Send(IReadOnlyList<StepDocument> steps)
    {
        if (!_sending.IsCompleted)
            return;
        var step = steps[_random.Next(steps.Count)];
        var kind = StepKinds.Find(step.Uses)!;
        var (run, id) = (new RunId(step.Run), new StepId(step.Id));
        object message = _random.Next(3) switch
        {
            0 => kind.Command(run, id),
            1 => kind.Completed(run, id),
            _ => kind.Failed(run, id),
        };
        _sending = SendAsync(message);
    }

    public async ValueTask DisposeAsync()
    {
        await _sending;
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private async Task SendAsync(object message)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _host.Services.GetRequiredService<IStepBus>().PublishAsync(message, patience.Token);
            Sent++;
        }
        catch (Exception away) when (away is not Xunit.Sdk.XunitException)
        {
            // The broker is being killed: that one is lost.
        }
    }
}
