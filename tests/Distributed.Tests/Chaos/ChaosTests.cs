using System.Globalization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Chaos;

public sealed class When_everything_is_killed_in_the_middle_of_studies(RabbitMqNode broker, ITestOutputHelper output)
{
    // Six named points and six moments for each store.
    private const int UsualKills = 24;

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Mongo")]
    public async Task Nothing_is_lost(string store)
    {
        RabbitMqNode.Require();
        var kills = Number("CHAOS_KILLS") ?? UsualKills;
        var seed = Number("CHAOS_SEED") ?? Random.Shared.Next(1, 1_000_000);
        output.WriteLine($"CHAOS_SEED={seed} CHAOS_KILLS={kills}, half of them over {store}");

        using var folder = new TemporaryFolder();
        using var standIn = store == "Mongo" ? new MongoStandIn(folder.Path) : null;
        if (standIn is not null)
            await standIn.StartAsync(TestContext.Current.CancellationToken);
        await using var chaos = new ChaosRun(broker, standIn, folder, new Random(seed), kills / 2);
        await chaos.StartAsync();

        do await chaos.RunStudyAsync();
        while (!chaos.IsOver);

        await chaos.AssertNothingChangedAfterwardsAsync();
        output.WriteLine(chaos.Tally);
        Assert.Equal((kills / 2, 1), (chaos.Kills, chaos.Zombies));
        Assert.Equal(chaos.Faults.Order(), chaos.Reached.Order());
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
}
