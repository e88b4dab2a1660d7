using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Runs;
using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Distributed.Tests;

/// <summary>The artefacts that the lineages of runs and the catalogue name, beside those that a store holds.</summary>
internal static class NamedArtefacts
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    /// <summary>Cleans the store; what it holds then is what is named, no more and no less, and undamaged.</summary>
    public static async Task AssertNothingElseIsStoredAsync(StudyDesk desk, IReadOnlyList<StepDocument> steps)
    {
        var artefacts = desk.Of<IArtefacts>();
        var named = await OfAsync(desk, steps);
        var stored = new SortedSet<string>(StringComparer.Ordinal);

        // A worker whose lease was lost may still be storing what nobody will name.
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); waited.Elapsed < LongEnough; await Task.Delay(200))
        {
            await desk.Of<RunDesk>().CleanAsync(TimeSpan.Zero, dryRun: false);
            stored.Clear();
            await foreach (var artefact in artefacts.ListAsync())
                stored.Add(artefact.Artefact.Hash);
            if (stored.SetEquals(named))
                break;
        }
        Assert.Equal(named, stored);
        foreach (var hash in named)
            Assert.True(await artefacts.VerifyAsync(new ArtefactRef(hash)), $"{hash} is damaged.");
    }

    private static async Task<SortedSet<string>> OfAsync(StudyDesk desk, IReadOnlyList<StepDocument> steps)
    {
        var named = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var dataset in desk.Of<IDocuments<DatasetDocument>>().FindAsync())
        {
            Add(dataset.Dataset);
            named.Add(dataset.Statistics!.Hash);
        }
        await foreach (var model in desk.Of<IDocuments<ModelDocument>>().FindAsync())
            Add(model.Model);
        foreach (var step in steps)
        {
            Add(step.Output?.Dataset);
            Add(step.Output?.Model);
            named.UnionWith(step.Output?.Files?.Values ?? []);
            if (step.Output?.Rows is not { } rows)
                continue;
            named.Add(rows.Hash);
            await using var file = File.OpenRead(await desk.Of<IArtefacts>().GetFileAsync(rows));
            foreach (var row in (await JsonSerializer.DeserializeAsync<List<ModelScores>>(file, WireFormat.Options))!)
                named.Add(row.Predictions);
        }
        return named;

        void Add<T>(T? reference)
        {
            if (reference is DatasetRef dataset)
            {
                named.UnionWith(dataset.Splits.Select(split => split.Content.Hash));
                if (dataset.HiddenLabels is { } hidden)
                    named.Add(hidden.Hash);
            }
            if (reference is ModelRef model)
                named.UnionWith([.. model.Files.Values, model.Card.Hash]);
        }
    }
}
