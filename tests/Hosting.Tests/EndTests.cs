using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;

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

    [Fact]
    public void A_setting_that_cannot_be_ends_the_process_with_the_code_for_it()
    {
        Assert.Equal(0, Run("--Oven:Degrees=200"));
        Assert.Equal(PipelineProcess.BadConfiguration, Run("--Oven:Degrees=5000"));
        Assert.Equal(PipelineProcess.BadConfiguration, Run("--Oven:Degrees=hot"));
        Assert.Equal(PipelineProcess.BadConfiguration, Run("--Oven:Degrees=13"));
    }

    [Fact]
    public void What_is_no_matter_of_configuration_is_told_as_it_is() =>
        Assert.Throws<InvalidOperationException>(() =>
            PipelineProcess.Run("oven", [], _ => { }, _ => throw new InvalidOperationException("out of gas"))
        );

    private static int Run(string setting) =>
        PipelineProcess.Run(
            "oven",
            ["--urls=http://127.0.0.1:0", setting],
            builder => builder.AddValidatedOptions<OvenOptions>().Services.AddHostedService<Oven>(),
            _ => { }
        );

    private sealed class OvenOptions
    {
        [Range(0, 300)]
        public int Degrees { get; set; }
    }

    private sealed class Oven(IOptions<OvenOptions> options, IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellation)
        {
            lifetime.StopApplication();
            return options.Value.Degrees == 13 ? throw new BadInputException("not warm") : Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }

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
