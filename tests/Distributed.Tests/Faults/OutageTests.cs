using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Faults;

public sealed class When_something_is_away_for_a_while(RabbitMqNode broker)
{
    /// <summary>Longer than a lease of these tests.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_study_goes_on_without_its_broker_and_ends_with_it()
    {
        RabbitMqNode.Require();
        await using var place = await Workplace.OpenAsync(broker.Port);
        place.Crew.StartAll();
        await broker.KillHardAsync();
        try
        {
            var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
            await place.UntilAsync(run, steps => steps.Count(step => step.State == StepState.Completed) >= 4);
            await broker.RestartAsync();

            Assert.Equal(await Workplace.UndisturbedRowsAsync(), await place.Desk.RowsAsync(run));
            place.Crew.AssertAlive();
        }
        catch
        {
            await broker.RestartAsync();
            throw;
        }
    }

    [Fact]
    public async Task A_study_goes_on_when_its_store_is_back()
    {
        RabbitMqNode.Require();
        using var data = new TemporaryFolder();
        await using var place = await Workplace.OpenOverMongoAsync(broker.Port, data);
        place.Crew.StartAll();
        var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
        await place.UntilAsync(run, steps => steps.Any(step => step.State == StepState.Running));

        place.Store!.KillHard();
        await Task.Delay(Outage, TestContext.Current.CancellationToken);
        place.Crew.AssertAlive();
        await place.Store.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(await Workplace.UndisturbedRowsAsync(), await place.Desk.RowsAsync(run));
        place.Crew.AssertAlive();
    }

    [Fact]
    public async Task A_full_disk_stores_nothing_by_halves_and_costs_only_attempts()
    {
        RabbitMqNode.Require();
        using var data = new TemporaryFolder();
        await using var place = await Workplace.OpenOverMongoAsync(broker.Port, data);
        foreach (var service in Crew.All.Distinct().Where(service => service != "Training"))
            place.Crew.Start(service);
        using var disk = new SmallDisk();
        var trainer = place.Crew.Start("Training", fault: null, $"Storage:Home={disk.Path}");
        var run = await place.Desk.SubmitAsync(StudyDesk.SmallStudy);
        await place.UntilAsync(run, steps => steps.Any(step => trainer.IsWorker(step.Worker)));

        disk.Fill();
        var failed = await place.UntilAsync(run, steps => steps.Any(step => step.Error is not null));
        Assert.StartsWith("IOException: No space left on device", failed.First(step => step.Error is not null).Error);
        await foreach (var stored in place.Desk.Of<IArtefacts>().ListAsync())
            Assert.True(await place.Desk.Of<IArtefacts>().VerifyAsync(stored.Artefact));
        disk.Free();

        Assert.Equal(await Workplace.UndisturbedRowsAsync(), await place.Desk.RowsAsync(run));
        await NamedArtefacts.AssertNothingElseIsStoredAsync(place.Desk, await place.Desk.StepsAsync(run));
        place.Crew.AssertAlive();
    }
}
