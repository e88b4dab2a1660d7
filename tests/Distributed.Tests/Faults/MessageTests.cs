using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Faults;

public sealed class When_messages_are_all_or_nothing(RabbitMqNode broker)
{
    /// <summary>Nobody listens there.</summary>
    private const int NoBroker = 1;

    [Fact]
    public async Task Without_any_message_polling_completes_the_study()
    {
        await using var place = await Workplace.OpenAsync(NoBroker);
        place.Crew.StartAll();

        await AssertUndisturbedAsync(place);
    }

    [Fact]
    public async Task Without_polling_messages_complete_the_study()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port, "StepWorker:Polling=false");
        place.Crew.StartAll();

        await AssertUndisturbedAsync(place);
    }

    [Fact]
    public async Task Two_orchestrators_do_everything_once()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port, Workplace.LongLeases);
        place.Crew.StartAll();
        place.Crew.Start("Orchestration");

        var steps = await AssertUndisturbedAsync(place);

        Assert.All(steps, step => Assert.Equal((step.Id, 1L, 1), (step.Id, step.Fence, step.Attempts)));
        var numbers = new List<(string Name, int Number)>();
        await foreach (var model in place.Desk.Of<IDocuments<ModelDocument>>().FindAsync())
            numbers.Add((model.Name, model.Number));
        Assert.Equal(5, numbers.Count);
        Assert.All(numbers, model => Assert.Equal(1, model.Number));
    }

    private static async Task<IReadOnlyList<StepDocument>> AssertUndisturbedAsync(Workplace place)
    {
        var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
        Assert.Equal(await Workplace.UndisturbedRowsAsync(), await place.Desk.RowsAsync(run));
        place.Crew.AssertAlive();
        return await place.Desk.StepsAsync(run);
    }
}
