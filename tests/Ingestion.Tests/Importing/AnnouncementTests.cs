using TransferPipeline.Contracts;
using TransferPipeline.Hosting.Bus;

namespace TransferPipeline.Ingestion.Tests.Importing;

public sealed class When_a_dataset_is_stored
{
    private const string Rows = "text,label\ngood film,1\nbad film,0\n";

    [Fact]
    public async Task Its_name_and_version_are_announced_once_per_content()
    {
        var bus = new NotingBus();
        using var bench = new Workbench(bus);

        await bench.ImportAsync(bench.Write("a.csv", Rows));
        await bench.ImportAsync(bench.Write("b.csv", Rows));
        var second = await bench.ImportAsync(bench.Write("c.csv", Rows + "fine film,1\n"));

        Assert.Equal([("set", 1), ("set", 2)], bus.Heard.Select(told => (told.Name, told.Version)));
        Assert.Equal(second.Document.DatasetId, bus.Heard[1].Dataset.Id);
    }

    [Fact]
    public async Task A_broker_that_fails_does_not_fail_the_import()
    {
        using var bench = new Workbench(new BrokenBus());

        var stored = await bench.ImportAsync(bench.Write("a.csv", Rows));

        Assert.Equal("set@1", Assert.Single(await bench.Documents.FindAsync().ToListAsync()).Id);
        Assert.True(stored.IsNew);
    }

    private sealed class NotingBus : IStepBus
    {
        public List<DatasetIngested> Heard { get; } = [];

        public Task PublishAsync(object message, CancellationToken cancellation = default)
        {
            Heard.Add((DatasetIngested)message);
            return Task.CompletedTask;
        }
    }

    private sealed class BrokenBus : IStepBus
    {
        public Task PublishAsync(object message, CancellationToken cancellation = default) =>
            throw new IOException("no broker");
    }
}
