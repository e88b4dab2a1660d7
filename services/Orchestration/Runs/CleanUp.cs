using TransferPipeline.Storage.Artefacts;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Orchestration.Runs;

/// <summary>Removes artefacts that no document leads to.</summary>
internal sealed class CleanUp(
    IDocuments<DatasetDocument> datasets,
    IDocuments<ModelDocument> models,
    IDocuments<LexiconDocument> lexicons,
    IDocuments<StepDocument> steps,
    IArtefacts artefacts,
    StoredOutputs outputs,
    TimeProvider time
)
{
    public async Task<CleanResult> CleanAsync(TimeSpan olderThan, bool dryRun, CancellationToken cancellation)
    {
        // Listed before what is reachable is gathered: what is stored meanwhile is not in the list.
        var before = time.GetUtcNow() - olderThan;
        var old = new List<StoredArtefact>();
        await foreach (var stored in artefacts.ListAsync(cancellation))
            if (stored.Stored <= before)
                old.Add(stored);

        var reachable = await ReachableAsync(cancellation);
        var removed = new CleanResult(0, 0);
        foreach (var stored in old.Where(stored => !reachable.Contains(stored.Artefact.Hash)))
            if (dryRun || await artefacts.DeleteAsync(stored.Artefact, cancellation))
                removed = new CleanResult(removed.Artefacts + 1, removed.Bytes + stored.Bytes);
        return removed;
    }

    private async Task<HashSet<string>> ReachableAsync(CancellationToken cancellation)
    {
        var reachable = new HashSet<string>();
        await foreach (var dataset in datasets.FindAsync(cancellation))
        {
            reachable.UnionWith(StoredOutputs.Of(dataset.Dataset));
            if (dataset.Statistics is { } statistics)
                reachable.Add(statistics.Hash);
        }
        await foreach (var model in models.FindAsync(cancellation))
            await AddAsync(model.Model);
        await foreach (var lexicon in lexicons.FindAsync(cancellation))
            reachable.Add(lexicon.Pack.Hash);
        await foreach (var step in steps.FindAsync(cancellation))
        {
            foreach (var input in step.Inputs)
            {
                reachable.UnionWith(input.Dataset is null ? [] : StoredOutputs.Of(input.Dataset));
                if (input.Model is { } model)
                    await AddAsync(model);
                if (input.File is { } file)
                    reachable.Add(file.Hash);
            }
            // A step that failed or was cancelled goes on from its checkpoints when it is retried.
            if (step.State != StepState.Completed)
                reachable.UnionWith(step.Checkpoints.SelectMany(checkpoint => checkpoint.Files.Values));
            if (step.Output is not { } output)
                continue;
            reachable.UnionWith(StoredOutputs.Of(output));
            reachable.UnionWith(await outputs.MentionedAsync(output, cancellation));
            if (output.Model is { } made)
                await AddAsync(made);
        }
        return reachable;

        async Task AddAsync(Contracts.ModelRef model)
        {
            reachable.UnionWith(StoredOutputs.Of(model));
            reachable.UnionWith(await outputs.AncestryAsync(model, cancellation));
        }
    }
}
