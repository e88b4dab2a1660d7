using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Triggers;

/// <summary>The scenarios that events start: added, listed, removed.</summary>
public sealed class ScenarioShelf(
    IDocuments<ScenarioDocument> scenarios,
    IDocuments<FiringDocument> firings,
    TimeProvider time
)
{
    /// <summary>Checks a scenario and registers it under its name, in the place of the one that was there.</summary>
    /// <exception cref="BadInputException">Everything that is wrong with it; nothing was stored.</exception>
    public async Task<ScenarioDocument> AddAsync(
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
            if (known is null && await scenarios.InsertAsync(document, cancellation))
                return document.WithVersion(1);
            if (known is not null && await scenarios.ReplaceAsync(document, cancellation) is { } replaced)
                return replaced;
        }
    }

    /// <summary>All registered scenarios by name.</summary>
    public async Task<IReadOnlyList<ScenarioDocument>> ListAsync(CancellationToken cancellation = default)
    {
        var all = new List<ScenarioDocument>();
        await foreach (var scenario in scenarios.FindAsync(cancellation))
            all.Add(scenario);
        return [.. all.OrderBy(scenario => scenario.Id, StringComparer.Ordinal)];
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
        var known = (await ListAsync(cancellation)).Select(scenario => scenario.Id).ToList();
        throw new BadInputException(
            $"no scenario '{name}' is registered; "
                + (known.Count == 0 ? "there are none" : $"expected one of {string.Join(", ", known)}")
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
