using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Training.Tests;

public sealed class When_the_service_is_registered
{
    [Fact]
    public void There_is_a_handler_for_each_kind_it_owns()
    {
        using var host = Host();

        Assert.Equal(
            [
                StepKinds.Baseline.Uses,
                StepKinds.CleanLabels.Uses,
                StepKinds.Distil.Uses,
                StepKinds.FineTune.Uses,
                StepKinds.Pretrain.Uses,
            ],
            host.Services.GetServices<IStepHandler>().Select(handler => handler.Kind.Uses).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Impossible_options_stop_the_start()
    {
        using var host = Host(("Training:Threads", "-1"));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("Threads", refused.Message);
    }

    private static IHost Host(params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
        );
        builder.AddTrainingService();
        return builder.Build();
    }
}
