using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Attacks;
using TransferPipeline.Augmentation;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Ingestion;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Synthesis;
using TransferPipeline.Training;
using TransferPipeline.Training.Importing;

namespace TransferPipeline.Standalone;

/// <summary>All services in this process, over one home; they work on steps only once started.</summary>
internal sealed class EmbeddedPipeline : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedPipeline(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;
    public RunDesk Runs => Services.GetRequiredService<RunDesk>();
    public RunReports Reports => Services.GetRequiredService<RunReports>();
    public Catalogue Catalogue => Services.GetRequiredService<Catalogue>();
    public ModelImporter Models => Services.GetRequiredService<ModelImporter>();
    public PathInputResolver Inputs => Services.GetRequiredService<PathInputResolver>();

    /// <summary>What environment variables that set options begin with, as in <c>TRANSFER_Training__Slots</c>.</summary>
    private const string SettingPrefix = "TRANSFER_";

    public static EmbeddedPipeline Create(CommandContext context)
    {
        if (context.Server is not null)
            throw new BadInputException("This command works in this process; expected no --server.");
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Configuration.AddEnvironmentVariables(SettingPrefix);
        builder.AddPipelineDefaults("transfer");
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(context.Verbose ? LogLevel.Information : LogLevel.Critical);

        builder.Services.AddEmbeddedStorage(context.Home);
        builder.Services.AddPipelineBus(builder.Configuration);
        builder.Services.AddStepWorker(worker => worker.Scratch = Path.Combine(context.Home, "scratch"));
        builder.AddIngestionService();
        builder.AddAugmentationService();
        // Before the trainings, whose devices hold for both.
        builder.AddSynthesisService();
        builder.AddTrainingService();
        builder.AddAttacksService();
        builder.AddEvaluationService();
        builder.AddOrchestrationService();
        builder.Services.AddSingleton<RunReports>();
        builder.Services.AddSingleton<Catalogue>();
        builder.Services.AddSingleton<PathInputResolver>();
        builder.Services.AddSingleton(context.Terminal);
        return new EmbeddedPipeline(builder.Build());
    }

    /// <summary>Writes a stored model's files into a folder below another one; returns it.</summary>
    /// <param name="name">Name, name and number, or id.</param>
    public async Task<string> OpenModelAsync(string name, string scratch, CancellationToken cancellation)
    {
        var found = await Inputs.ResolveAsync(InputKind.Model, name, cancellation);
        var artefacts = Services.GetRequiredService<IArtefacts>();
        return await ModelFolders.MaterialiseAsync(found.Model!, artefacts, scratch, cancellation);
    }

    /// <summary>Starts to work on the steps of one run.</summary>
    public async Task StartAsync(string run, CancellationToken cancellation)
    {
        Services.GetRequiredService<IOptions<StepWorkerOptions>>().Value.OnlyRun = run;
        await _host.StartAsync(cancellation);
    }

    /// <summary>Stops claiming; running steps write a checkpoint and are released.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            _host.Dispose();
    }
}
