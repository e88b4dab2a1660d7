using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>
/// Finds texts of dev among those that a step will read as unlabelled, by what was counted when the dataset was ingested: a text
/// that taught a model would speak for it.
/// </summary>
internal sealed class PoolOverlap(IDocuments<DatasetDocument> datasets, IArtefacts artefacts)
{
    /// <param name="given">What the scenario's references were resolved to.</param>
    public async Task AddAsync(
        UnrolledScenario scenario,
        IReadOnlyDictionary<(InputKind, string), ResolvedInput> given,
        Problems problems,
        CancellationToken cancellation
    )
    {
        var known = new Dictionary<string, IReadOnlyList<SplitLeak>>();
        foreach (var step in scenario.Steps.Where(ReadsPool))
        {
            if (
                Origin(step) is not { } origin
                || given[(InputKind.Dataset, origin.Input.Given!)].Dataset is not { } found
            )
                continue;
            // Where only dev is labelled, a sample scores on it and nothing chooses.
            if (found.Find("dev") is not { Labelled: > 0 } || found.Find("test") is not { Labelled: > 0 })
                continue;
            if (!known.TryGetValue(found.Id, out var leaks))
                known[found.Id] = leaks = await LeaksAsync(found, cancellation);
            var pool = origin.Sampled ? new[] { "train", "unlabelled" } : ["unlabelled"];
            foreach (var leak in leaks)
                if (Other(leak) is { } other && pool.Contains(other))
                    problems.Add(
                        origin.Input.Origin.Place,
                        origin.Input.Origin.Path,
                        $"{leak.Texts} texts of dev stand in {other} of '{found.Name}' too, which step '{step.Name}' reads as "
                            + $"unlabelled text ({leak.Examples[0]}); expected a dev split that shares no text with it, or dev: none"
                    );
        }
    }

    private static bool ReadsPool(UnrolledStep step) =>
        step.Kind == StepKinds.Synthesize
        || step.Kind == StepKinds.Label
        || (step.Spec is FineTuningSpec tuning && FineTuningSpec.ReadsUnlabelled.Values.Contains(tuning.Strategy))
        || (step.Spec is BaselineSpec fit && BaselineSpec.ReadsUnlabelled.Values.Contains(fit.Vocabulary));

    /// <summary>The dataset that a step's rows come from; null where no dev split comes along.</summary>
    private static (UnrolledInput Input, bool Sampled)? Origin(UnrolledStep step)
    {
        var sampled = false;
        for (var at = step; ; )
        {
            if (
                at.Inputs.FirstOrDefault(input => input is { Name: "dataset", Kind: InputKind.Dataset })
                is not { } input
            )
                return null;
            if (input.Given is not null)
                return (input, sampled);
            at = input.From!;
            if (at.Spec is SamplingSpec { Dev: "none" })
                return null;
            sampled |= at.Spec is SamplingSpec;
        }
    }

    private static string? Other(SplitLeak leak) =>
        leak.Split == "dev" ? leak.Other
        : leak.Other == "dev" ? leak.Split
        : null;

    private async Task<IReadOnlyList<SplitLeak>> LeaksAsync(DatasetRef dataset, CancellationToken cancellation)
    {
        await foreach (var document in datasets.FindAsync(cancellation, ("datasetId", dataset.Id)))
            if (document.Statistics is { } statistics)
            {
                await using var file = File.OpenRead(await artefacts.GetFileAsync(statistics, cancellation));
                return (
                    await JsonSerializer.DeserializeAsync<DatasetStatistics>(file, WireFormat.Options, cancellation)
                )!.Leaks;
            }
        return [];
    }
}
