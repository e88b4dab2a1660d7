using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>A scenario that events start.</summary>
/// <param name="Started">How many runs they have started.</param>
/// <param name="Last">The newest of them, and why it was refused where it was.</param>
public sealed record RegisteredScenario(ScenarioDocument Scenario, int Started, string? Last)
{
    /// <summary>What starts it, in words.</summary>
    public string Events =>
        string.Join(
            " and ",
            new[]
            {
                Scenario.DatasetName is { } name ? $"dataset {name} (as {Scenario.DatasetInput})" : null,
                Scenario.AfterScenario is { } before ? $"completed runs of {before}" : null,
            }.OfType<string>()
        );
}

/// <summary>The scenarios that events start: added, listed, removed.</summary>
public sealed class ScenarioShelf(
    IDocuments<ScenarioDocument> scenarios,
    IDocuments<FiringDocument> firings,
    TimeProvider time
)
{
    /// <summary>Checks a scenario and registers it under its name, in the place of the one that was there.</summary>
    /// <exception cref="BadInputException">Everything that is wrong with it; nothing was stored.</exception>
    public async Task<RegisteredScenario> AddAsync(
        string source,
        string fileName,
        CancellationToken cancellation = default
    )
    {
        var scenario = Check(source, fileName);
        await RefuseCycleAsync(scenario, fileName, cancellation);
        while (true)
        {
            var known = await scenarios.GetAsync(scenario.Name, cancellation);
            var document = new ScenarioDocument
            {
                Id = scenario.Name,
                Version = known?.Version ?? 0,
                Source = source,
                FileName = fileName,
                DatasetName = scenario.On!.Dataset?.Name,
                DatasetInput = scenario.On.Dataset?.As,
                AfterScenario = scenario.On.Run?.Scenario,
                Registered = known?.Registered ?? time.GetUtcNow(),
            };
            var stored =
                known is not null ? await scenarios.ReplaceAsync(document, cancellation)
                : await scenarios.InsertAsync(document, cancellation) ? document.WithVersion(1)
                : null;
            if (stored is not null)
                return await RegisteredAsync(stored, cancellation);
        }
    }

    /// <summary>All registered scenarios by name.</summary>
    public async Task<IReadOnlyList<RegisteredScenario>> ListAsync(CancellationToken cancellation = default)
    {
        var all = new List<RegisteredScenario>();
        await foreach (var scenario in scenarios.FindAsync(cancellation))
            all.Add(await RegisteredAsync(scenario, cancellation));
        return [.. all.OrderBy(entry => entry.Scenario.Id, StringComparer.Ordinal)];
    }

    /// <summary>What has started a scenario, newest first.</summary>
    public async Task<IReadOnlyList<FiringDocument>> FiringsAsync(
        string scenario,
        CancellationToken cancellation = default
    )
    {
        var all = new List<FiringDocument>();
        await foreach (var firing in firings.FindAsync(cancellation, ("scenario", scenario)))
            all.Add(firing);
        return [.. all.OrderByDescending(firing => firing.Fired)];
    }

    /// <summary>Events start it no more; runs under way go on.</summary>
    /// <exception cref="BadInputException">There is no such scenario.</exception>
    public async Task RemoveAsync(string name, CancellationToken cancellation = default)
    {
        if (await scenarios.DeleteAsync(name, cancellation))
            return;
        var known = (await ListAsync(cancellation)).Select(entry => entry.Scenario.Id).ToList();
        throw new BadInputException(
            $"no scenario '{name}' is registered; "
                + (known.Count == 0 ? "there are none" : $"expected one of {string.Join(", ", known)}")
        );
    }

    private async Task<RegisteredScenario> RegisteredAsync(ScenarioDocument scenario, CancellationToken cancellation)
    {
        var firings = await FiringsAsync(scenario.Id, cancellation);
        var last = firings.FirstOrDefault();
        return new(
            scenario,
            firings.Count(firing => firing.State != FiringState.Refused),
            last is { State: FiringState.Refused } ? $"{last.Origin.Event}: {last.Error}" : last?.Origin.Event
        );
    }

    /// <summary>As an event would start it: the input that the dataset fills may be empty in the file.</summary>
    private static Scenario Check(string source, string fileName)
    {
        var filled = ScenarioLoader.FilledInput(source, fileName);
        var scenario = ScenarioLoader.Load(source, fileName, filled is null ? [] : [$"{filled}=event"]).Scenario;
        return scenario.On is null
            ? throw new BadInputException(
                $"{fileName}: on: is missing, so nothing would start it; expected {string.Join(" or ", TriggerSpec.Keys)}"
            )
            : scenario;
    }

    private async Task RefuseCycleAsync(Scenario added, string fileName, CancellationToken cancellation)
    {
        var after = new Dictionary<string, string?>();
        await foreach (var known in scenarios.FindAsync(cancellation))
            after[known.Id] = known.AfterScenario;
        after[added.Name] = added.On!.Run?.Scenario;

        // Each scenario follows at most one other, so going back from the added one either ends or comes round to it.
        List<string> chain = [added.Name];
        while (after.GetValueOrDefault(chain[0]) is { } before && chain.Count <= after.Count)
        {
            chain.Insert(0, before);
            if (before == added.Name)
                throw new BadInputException(
                    $"{fileName}: on.{TriggerSpec.RunCompleted}: '{added.Name}' would start itself for ever: "
                        + string.Join(" → ", chain)
                );
        }
    }
}
