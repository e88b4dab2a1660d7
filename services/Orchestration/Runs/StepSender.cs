using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Sends commands beside the workflow, which a broker that is away must not hold up.</summary>
internal sealed class StepSender(IStepBus bus, ILogger<StepSender> log) : BackgroundService
{
    private readonly Channel<(string Uses, string Run, string Step)> _due = Channel.CreateUnbounded<(
        string,
        string,
        string
    )>();

    public void Send(StepDocument step) => _due.Writer.TryWrite((step.Uses, step.Run, step.Id));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (uses, run, step) in _due.Reader.ReadAllAsync(stoppingToken))
                await SendAsync(StepKinds.Find(uses)!.Command(new RunId(run), new StepId(step)), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task SendAsync(IStepCommand command, CancellationToken stopping)
    {
        try
        {
            await bus.PublishAsync(command, stopping);
        }
        catch (Exception lost) when (!stopping.IsCancellationRequested)
        {
            log.LogWarning(lost, "The command for step {Step} was not sent; it is sent again later", command.Step);
        }
    }
}
