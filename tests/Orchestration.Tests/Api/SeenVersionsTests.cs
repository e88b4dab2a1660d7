using CsCheck;
using TransferPipeline.Orchestration.Api;

namespace TransferPipeline.Orchestration.Tests.Api;

public sealed class When_a_reader_of_events_comes_back
{
    [Fact]
    public void The_id_of_its_last_event_tells_what_it_has_seen() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, int.MaxValue].Array[0, 300])
            .Sample(
                (run, steps) =>
                {
                    var told = SeenVersions.Parse("", steps.Length);
                    told.IsNewRun(run);
                    for (var at = 0; at < steps.Length; at++)
                        told.IsNewStep(at, steps[at]);

                    var back = SeenVersions.Parse(told.ToString(), steps.Length);

                    return !back.IsNewRun(run)
                        && steps.Index().All(step => !back.IsNewStep(step.Index, step.Item))
                        && back.IsNewRun(run + 1);
                }
            );

    [Fact]
    public void Of_a_new_reader_everything_is_new()
    {
        var seen = SeenVersions.Parse("", 2);

        Assert.True(seen.IsNewRun(1));
        Assert.True(seen.IsNewStep(0, 1));
        Assert.True(seen.IsNewStep(1, 4));
        Assert.False(seen.IsNewStep(1, 4));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("AQ")]
    [InlineData("AQEBAQEBAQEB")]
    [InlineData("_____________w")]
    [InlineData("AQGB")]
    public void An_id_of_something_else_has_seen_nothing(string id)
    {
        var seen = SeenVersions.Parse(id, 2);

        Assert.True(seen.IsNewRun(1));
        Assert.True(seen.IsNewStep(0, 1));
        Assert.True(seen.IsNewStep(1, 1));
    }

    [Fact]
    public void A_run_too_large_for_an_id_has_none() => Assert.Equal("", SeenVersions.Parse("", 5000).ToString());
}
