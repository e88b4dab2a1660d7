using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting;
using TransferPipeline.Hosting.Bus;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Orchestration;

namespace TransferPipeline.Benchmarks.Workflow;

/// <summary>An orchestrator, or a worker whose steps take a given time, as a process of its own.</summary>
internal sealed class WorkflowProcess : IDisposable
{
    public const string Question = "workflow-process";

    private readonly Process _process;

    private WorkflowProcess(Process process) => _process = process;

    /// <summary>As workers are named in documents: machine, process id, start.</summary>
    public bool IsWorker(string? worker) =>
        worker?.StartsWith($"{Environment.MachineName}/{_process.Id}-", StringComparison.Ordinal) == true;

    public static WorkflowProcess Orchestrator(WorkflowShape shape) => Start(shape, slots: 0, milliseconds: 1);

    public static WorkflowProcess Worker(WorkflowShape shape, int slots, int milliseconds) =>
        Start(shape, slots, milliseconds);

    /// <summary>Returns when its queues are bound.</summary>
    public void WaitUntilReady() => _process.StandardOutput.ReadLine();

    public static void Run(BenchmarkInputs inputs)
    {
        var shape = WorkflowShape.Of(inputs);
        var slots = inputs.Has("slots") ? inputs.Number("slots", 1) : 0;
        using var host = Build(
            shape,
            builder =>
            {
                if (slots == 0)
                {
                    builder.AddOrchestrationService();
                    return;
                }
                var takes = TimeSpan.FromMilliseconds(inputs.Number("milliseconds", 1));
                builder.Services.AddSingleton<IStepHandler>(new TrivialHandler(takes));
                builder.Services.AddSingleton<IStepHandler, WritesNoReport>();
                builder.Services.Configure<StepWorkerOptions>(worker =>
                    worker.Pools = [new([StepKinds.Sample.Uses], slots)]
                );
            }
        );
        host.Start();
        // Publishing waits until the queues are bound; nobody knows this run.
        host.Services.GetRequiredService<IStepBus>()
            .PublishAsync(StepKinds.Report.Completed(new RunId("none"), new StepId("none")))
            .GetAwaiter()
            .GetResult();
        Console.WriteLine("ready");
        // Ends with the process that started it, however that one ends.
        Console.In.ReadToEnd();
    }

    public static IHost Build(WorkflowShape shape, Action<IHostApplicationBuilder> services)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddCommandLine([.. shape.Settings()]);
        builder.AddPipelineDefaults("benchmark");
        builder.AddPipelineWorker();
        services(builder);
        return builder.Build();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static WorkflowProcess Start(WorkflowShape shape, int slots, int milliseconds)
    {
        string[] arguments =
        [
            typeof(WorkflowProcess).Assembly.Location,
            Question,
            .. shape.Arguments(),
            .. slots == 0 ? Array.Empty<string>() : ["--slots", $"{slots}"],
            "--milliseconds",
            $"{milliseconds}",
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new(Process.Start(start)!);
    }
}

/// <summary>The store and the broker of some processes.</summary>
/// <param name="Mongo">A <c>mongodb://</c> address with a database; null for SQLite below <paramref name="Home"/>.</param>
internal sealed record WorkflowShape(string Home, int Broker, string? Mongo)
{
    public static WorkflowShape Of(BenchmarkInputs inputs) =>
        new(inputs.Text("home"), inputs.Number("broker", 5672), inputs.Has("mongo") ? inputs.Text("mongo") : null);

    public string[] Arguments() =>
        ["--home", Home, "--broker", $"{Broker}", .. Mongo is null ? Array.Empty<string>() : ["--mongo", Mongo]];

    public string[] Settings() =>
        [
            "--Bus:Transport=RabbitMq",
            "--Bus:Host=127.0.0.1",
            $"--Bus:Port={Broker}",
            "--Bus:Password=guest",
            $"--Storage:Home={Home}",
            .. Mongo is null ? Array.Empty<string>() : ["--Storage:Kind=Mongo", $"--Storage:Connection={Mongo}"],
        ];
}
