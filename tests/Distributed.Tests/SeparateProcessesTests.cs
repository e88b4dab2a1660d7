using System.Diagnostics;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests;

public sealed class When_every_service_is_a_process_of_its_own(RabbitMqNode broker) : IAsyncDisposable
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Mongo")]
    public async Task A_study_has_the_rows_of_the_embedded_one_even_if_a_trainer_is_killed(string store)
    {
        RabbitMqNode.Require();
        var settings = Settings(store);
        var expected = await EmbeddedRowsAsync();
        Start(settings, "Ingestion", "Evaluation", "Orchestration", "Training", "Training");
        await using var desk = new StudyDesk(settings);

        var run = await desk.SubmitAsync();
        var killed = await KillTheTrainerWithACheckpointAsync(desk, run);

        Assert.Equal(expected, await desk.RowsAsync(run));
        var steps = await desk.StepsAsync(run);
        Assert.Equal(2, steps.Single(step => step.Id == killed.Id).Attempts);
        Assert.All(steps, step => Assert.Equal(StepState.Completed, step.State));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            process.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> EmbeddedRowsAsync()
    {
        await using var desk = new StudyDesk([$"Storage:Home={_folder["embedded"]}"]);
        await desk.StartAsync();
        return await desk.RowsAsync(await desk.SubmitAsync());
    }

    private string[] Settings(string store) =>
        [
            "Bus:Transport=RabbitMq",
            "Bus:Host=127.0.0.1",
            $"Bus:Port={broker.Port}",
            "Bus:Password=guest",
            $"Storage:Kind={store}",
            $"Storage:Home={_folder["home"]}",
            .. store == "Mongo" ? [$"Storage:Connection={MongoServer.RequireDatabase()}"] : Array.Empty<string>(),
            "StepWorker:Lease=00:00:04",
            "StepWorker:RenewEvery=00:00:01",
        ];

    private void Start(string[] settings, params string[] services)
    {
        foreach (var service in services)
            _processes.Add(new ServiceProcess(service, settings));
    }

    private async Task<StepDocument> KillTheTrainerWithACheckpointAsync(StudyDesk desk, RunDocument run)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var step = (await desk.StepsAsync(run)).FirstOrDefault(step =>
                step is { State: StepState.Running, Uses: "fine-tune", Checkpoints.Count: > 0 }
            );
            if (step is not null)
            {
                _processes.Single(process => process.IsWorker(step.Worker)).KillHard();
                return step;
            }
            foreach (var process in _processes)
                Assert.False(process.HasExited, $"{process.Name} ended: {process.Log}");
            Assert.True(waited.Elapsed < LongEnough, string.Concat(_processes.Select(process => process.Log)));
        }
    }
}
