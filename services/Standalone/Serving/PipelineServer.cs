using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using TransferPipeline.Attacks;
using TransferPipeline.Augmentation;
using TransferPipeline.Evaluation;
using TransferPipeline.Evaluation.Api;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Http;
using TransferPipeline.Hosting.Http.Access;
using TransferPipeline.Ingestion;
using TransferPipeline.Ingestion.Api;
using TransferPipeline.Orchestration;
using TransferPipeline.Orchestration.Api;
using TransferPipeline.Synthesis;
using TransferPipeline.Training;
using TransferPipeline.Training.Api;

namespace TransferPipeline.Standalone.Serving;

/// <summary>All services and their API in this process, over one home; works on the steps of every run.</summary>
internal sealed class PipelineServer : IAsyncDisposable
{
    private PipelineServer(WebApplication app, string? oneTimeKey) => (App, OneTimeKey) = (app, oneTimeKey);

    public WebApplication App { get; }

    /// <summary>An admin's key that dies with this process; null where the configuration names keys.</summary>
    public string? OneTimeKey { get; }

    public static PipelineServer Create(CommandContext context, string urls)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "transfer" }
        );
        builder.Configuration.AddInMemoryCollection(Embedded(context.Home));
        var oneTimeKey = AddOneTimeKey(builder);

        builder.AddPipelineDefaults("transfer");
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(context.Verbose ? LogLevel.Information : LogLevel.Warning);
        builder.WebHost.UseUrls(urls);

        builder.AddPipelineHealth();
        builder.AddApiKeys();
        builder.AddPipelineApiParts();
        builder.AddPipelineWorker();
        builder.AddIngestionService();
        builder.AddInbox();
        builder.AddAugmentationService();
        // Before the trainings, whose devices hold for both.
        builder.AddSynthesisService();
        builder.AddTrainingService();
        builder.AddAttacksService();
        builder.AddEvaluationService();
        builder.AddOrchestrationService();
        return new PipelineServer(Map(builder.Build()), oneTimeKey);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private static WebApplication Map(WebApplication app)
    {
        app.UsePipelineApi();
        app.MapPipelineDefaults();
        app.MapIngestionApi();
        app.MapTrainingApi();
        app.MapEvaluationApi();
        app.MapOrchestrationApi();
        return app;
    }

    /// <summary>What makes this the embedded shape, whatever the environment says.</summary>
    private static Dictionary<string, string?> Embedded(string home) =>
        new()
        {
            ["Storage:Kind"] = nameof(StorageKind.Sqlite),
            ["Storage:Home"] = home,
            ["Bus:Transport"] = "InMemory",
        };

    private static string? AddOneTimeKey(WebApplicationBuilder builder)
    {
        var access = builder.Configuration.GetSection("Access").Get<AccessOptions>() ?? new AccessOptions();
        if (access.Keys.Count > 0 || access.KeysFile is not null)
            return null;
        var key = ApiKeys.New();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Access:Keys:0:Name"] = "one-time",
                ["Access:Keys:0:Role"] = nameof(AccessRole.Admin),
                ["Access:Keys:0:Hash"] = ApiKeys.HashOf(key),
            }
        );
        return key;
    }
}
