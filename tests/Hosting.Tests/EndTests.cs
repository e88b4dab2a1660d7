using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TransferPipeline.Hosting.Tests;

public sealed class When_a_process_is_asked_to_stop
{
    [Fact]
    public void A_stop_while_it_starts_is_an_end_like_any_other() => HostWith<StoppedWhileStarting>().RunToEnd();

    [Fact]
    public void A_start_that_fails_of_itself_is_still_told() =>
        Assert.Throws<TimeoutException>(HostWith<Failing>().RunToEnd);

    [Fact]
    public void A_start_that_was_cancelled_by_something_else_is_still_told() =>
        Assert.Throws<TaskCanceledException>(HostWith<CancelledByItself>().RunToEnd);

    private static IHost HostWith<T>()
        where T : class, IHostedService
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService<T>();
        return builder.Build();
    }

    private sealed class StoppedWhileStarting(IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellation)
        {
            lifetime.StopApplication();
            return Task.Delay(Timeout.Infinite, cancellation);
        }

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellation) => throw new TimeoutException();

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }

    private sealed class CancelledByItself : IHostedService
    {
        public Task StartAsync(CancellationToken cancellation) =>
            Task.FromCanceled(new CancellationToken(canceled: true));

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }
}
