using MassTransit;

namespace TransferPipeline.Hosting.Bus;

/// <summary>Opens when all queues of this process are bound; what is published before would be lost silently.</summary>
internal sealed class BusGate : IBusObserver
{
    private readonly TaskCompletionSource _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Bound => _bound.Task;

    public async Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        await busReady;
        _bound.TrySetResult();
    }

    public void PostCreate(IBus bus) { }

    public void CreateFaulted(Exception exception) { }

    public Task PreStart(IBus bus) => Task.CompletedTask;

    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    public Task PreStop(IBus bus) => Task.CompletedTask;

    public Task PostStop(IBus bus) => Task.CompletedTask;

    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
}
