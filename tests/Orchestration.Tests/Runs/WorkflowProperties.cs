using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Tests.Runs;

/// <summary>Graphs, fates, orders, repeats, losses and crashes drawn at random.</summary>
public sealed class When_anything_goes_wrong_that_can
{
    private const string Run = "run";

    /// <param name="Needs">Of each step, the earlier steps it needs.</param>
    /// <param name="Twins">Of each step, which of three parameters it has: equal ones may give equal keys.</param>
    private sealed record Plan(int[][] Needs, int[] Twins, StepState[] Fates, (int Kind, int Which)[] Actions);

    private static readonly Gen<Plan> Plans =
        from count in Gen.Int[1, 9]
        from needs in Gen.Int[0, 8].Array[0, 3].Array[count]
        from twins in Gen.Int[1, 3].Array[count]
        from fates in Gen.Frequency(
            (8, Gen.Const(StepState.Completed)),
            (1, Gen.Const(StepState.Failed)),
            (1, Gen.Const(StepState.Quarantined))
        ).Array[count]
        from actions in Gen.Select(Gen.Int[0, 9], Gen.Int[0, 1000]).Array[0, 60]
        select new Plan(
            [.. needs.Select((some, step) => step == 0 ? [] : some.Select(need => need % step).Distinct().ToArray())],
            twins,
            fates,
            actions
        );

    [Fact]
    public void Every_run_ends_in_the_state_that_its_fates_ask_for() =>
        Plans.Sample(plan => PlayAsync(plan).GetAwaiter().GetResult(), iter: 400, threads: 2);

    private static async Task PlayAsync(Plan plan)
    {
        using var house = new House();
        var accepted = new Dictionary<string, int>();
        house.Steps.Accepting = (before, after) => Check(house, before, after, accepted);
        await StoreAsync(house, plan);
        // A twin is computed by whichever of them comes first, so their fates are one.
        house.Fate = step => step.Uses == "report" ? StepState.Completed : FateOf(plan, step);

        var events = new List<StepDocument>();
        var claims = new List<StepDocument>();
        foreach (var (kind, which) in plan.Actions)
            try
            {
                await ActAsync(house, kind, which, events, claims);
            }
            catch (CrashException)
            {
                house.Restart();
            }
        house.Crashes.Forget();
        foreach (var claimed in claims)
            await house.FinishAsync(claimed);
        var run = await house.FinishAllAsync(Run);

        var steps = house.StepsOf(run);
        var expected = Expected(plan);
        Assert.Equal(expected, steps.SkipLast(1).Select(step => step.State));
        Assert.Equal(StepState.Completed, steps[^1].State);
        Assert.Equal(
            expected.All(state => state == StepState.Completed) ? RunState.Completed : RunState.Failed,
            run.State
        );
        Assert.All(accepted.Values, times => Assert.Equal(1, times));
        var computed = steps.Where(step => house.Computed.Contains(step.Id) && step.Uses != "report");
        Assert.Equal(computed.Count(), computed.Select(step => step.Key).Distinct().Count());
    }

    private static async Task ActAsync(
        House house,
        int kind,
        int which,
        List<StepDocument> events,
        List<StepDocument> claims
    )
    {
        switch (kind)
        {
            case 0:
                await house.ScanAsync(Run);
                break;
            case 1 or 2 or 3 when Pick(house.Steps.All.Where(step => step.State == StepState.Ready), which) is { } step:
                house.Crashes.Forget();
                if (await house.ClaimAsync(step) is { } taken)
                    claims.Add(taken);
                break;
            case 4 or 5 when Pick(claims, which) is { } claimed:
                house.Crashes.Forget();
                claims.Remove(claimed);
                if (await house.FinishAsync(claimed) is { } finished)
                    events.Add(finished);
                break;
            // An event is told, perhaps not for the last time.
            case 6 or 7 when Pick(events, which) is { } told:
                if (which % 2 == 0)
                    events.Remove(told);
                await house.TellAsync(told);
                break;
            case 8 when Pick(events, which) is { } lost:
                events.Remove(lost);
                break;
            case 9:
                house.Crashes.Plan(which % 4, after: which % 8 < 4);
                break;
        }
    }

    private static void Check(House house, StepDocument? before, StepDocument after, Dictionary<string, int> accepted)
    {
        if (before is null)
            return;
        Assert.False(before.State.HasEnded(), $"{before.Id} had ended as {before.State} and became {after.State}");
        if (after.State is StepState.Ready && before.State == StepState.Waiting)
            Assert.All(
                after.Needs,
                need =>
                {
                    var needed = house.Steps.All.Single(step => step.Id == need).State;
                    Assert.True(needed == StepState.Completed || (after.RunsAfterFailure && needed.HasEnded()));
                }
            );
        if (after.State == StepState.Completed)
            accepted[after.Id] = accepted.GetValueOrDefault(after.Id) + 1;
    }

    private static T? Pick<T>(IEnumerable<T> from, int which)
        where T : class
    {
        var all = from.ToList();
        return all.Count == 0 ? null : all[which % all.Count];
    }

    private static StepState FateOf(Plan plan, StepDocument step) => plan.Fates[Twin(plan, int.Parse(step.Name[1..]))];

    /// <summary>The first step that does the very same: equal parameters and the same need to read from.</summary>
    private static int Twin(Plan plan, int step)
    {
        for (var other = 0; other < step; other++)
            if (plan.Twins[other] == plan.Twins[step] && Reads(plan, other) == Reads(plan, step))
                return other;
        return step;
    }

    private static int Reads(Plan plan, int step) =>
        plan.Needs[step].Length == 0 ? -1 : Twin(plan, plan.Needs[step][0]);

    private static List<StepState> Expected(Plan plan)
    {
        var states = new List<StepState>();
        for (var step = 0; step < plan.Needs.Length; step++)
            states.Add(
                plan.Needs[step].Any(need => states[need] != StepState.Completed)
                    ? StepState.Skipped
                    : plan.Fates[Twin(plan, step)]
            );
        return states;
    }

    private static async Task StoreAsync(House house, Plan plan)
    {
        var given = house.Dataset("given");
        var documents = plan
            .Needs.Select(
                (needs, step) =>
                    new StepDocument
                    {
                        Id = $"{Run}.s{step}.0",
                        Run = Run,
                        Name = $"s{step}",
                        Cell = new Dictionary<string, string>(),
                        Uses = "sample",
                        Parameters = JsonSerializer
                            .SerializeToNode(
                                new SamplingSpec { PerClass = plan.Twins[step].ToString() },
                                WireFormat.Options
                            )!
                            .AsObject(),
                        Inputs =
                        [
                            needs.Length == 0
                                ? new StepInput("dataset", GivenAs: "given", Dataset: given)
                                : new StepInput("dataset", From: new StepId($"{Run}.s{needs[0]}.0")),
                        ],
                        Needs = [.. needs.Select(need => $"{Run}.s{need}.0")],
                    }
            )
            .ToList();
        documents.Add(
            new StepDocument
            {
                Id = $"{Run}.report.0",
                Run = Run,
                Name = "report",
                Cell = new Dictionary<string, string>(),
                Uses = "report",
                Parameters = new JsonObject { ["compare"] = new JsonArray() },
                Inputs = [],
                Needs = [.. documents.Select(step => step.Id)],
                RunsAfterFailure = true,
            }
        );
        foreach (var document in documents)
            await house.Steps.InsertAsync(document);
        await house.Runs.InsertAsync(
            new RunDocument
            {
                Id = Run,
                Scenario = "random",
                Source = "",
                Report = new ReportSpec(),
                Steps = [.. documents.Select(step => step.Id)],
                Submitted = DateTimeOffset.UnixEpoch,
            }
        );
    }
}
