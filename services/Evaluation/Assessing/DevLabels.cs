using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Assessing;

/// <summary>Applies labelled clusters to the dev split, which no synthesis has read.</summary>
/// <param name="openEncoder">Opens an encoder's folder, given the tokens it reads of a text; left out, with TorchSharp.</param>
internal sealed class DevLabels(KeptFiles kept, Func<string, int, IEmbedder>? openEncoder = null)
{
    /// <returns>Null without labelled clusters, an encoder or a labelled dev split.</returns>
    public GivenRight? Apply(DatasetRef dataset, SynthesisFindings findings, StepWork work)
    {
        if (
            dataset.Find("dev") is not { Labelled: > 0 } dev
            || work.Input("model")?.Model is not { } model
            || findings.MaxTokens == 0
            || findings.Clusters.All(cluster => cluster.Label is null)
        )
            return null;
        Example[] rows = [.. work.Rows(dev).Where(row => row.Label is not null)];
        RefuseOverlap(rows, dataset, work);

        var folder =
            BaselineFolder.FindEncoder(work.OpenModel(model))
            ?? throw new BadInputException(
                $"Step {work.Step.Name}: 'model' names a baseline without an encoder; expected the transformer that the rows were clustered by."
            );
        using var encoder = Open(folder, findings.MaxTokens, work);
        var vectors = encoder.Embed([.. rows.Select(row => new ModelText(row.Text, row.TextB))], work.Stop);
        if (vectors[0].Length != findings.Width)
            throw new BadInputException(
                $"Step {work.Step.Name}: 'model' embeds texts {vectors[0].Length} wide, the clusters are {findings.Width} wide; "
                    + "expected the encoder that the rows were clustered by."
            );
        var given = rows.Zip(vectors, (row, vector) => (row.Label, Given: Nearest(findings.Clusters, vector).Label))
            .Where(pair => pair.Given is not null)
            .ToArray();
        return new(rows.Length, given.Length, given.Count(pair => pair.Label == pair.Given));
    }

    private IEmbedder Open(string folder, int maxTokens, StepWork work)
    {
        if (openEncoder is not null)
            return openEncoder(folder, maxTokens);
        return new RememberingEmbedder(
            folder,
            maxTokens,
            ComputeOptions.AllProcessors,
            new(key => kept.Find(key, work.Stop), (key, write) => kept.Keep(key, write, work.Stop))
        );
    }

    private static FoundCluster Nearest(IReadOnlyList<FoundCluster> clusters, float[] vector) =>
        clusters.MinBy(cluster =>
            vector.Zip(cluster.Centroid, (value, middle) => (double)(value - middle) * (value - middle)).Sum()
        )!;

    /// <summary>Texts that were clustered would score themselves.</summary>
    private static void RefuseOverlap(Example[] dev, DatasetRef dataset, StepWork work)
    {
        var pool = new HashSet<(string, string?)>();
        foreach (var split in dataset.Splits.Where(split => split.Name is "train" or "unlabelled"))
            pool.UnionWith(work.Rows(split).Select(row => (row.Text, row.TextB)));
        var shared = dev.Where(row => pool.Contains((row.Text, row.TextB))).ToArray();
        if (shared.Length > 0)
            throw new BadInputException(
                $"Step {work.Step.Name}: {shared.Length} dev rows of '{dataset.Name}' are also among the rows that were clustered, "
                    + $"the first is {shared[0].Id}; expected a dev split that shares no text with train or unlabelled."
            );
    }
}
