using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>Makes a dataset with more labelled examples, by the method that the step names.</summary>
internal sealed class SynthesisHandler(IEnumerable<ISynthesisMethod> methods, PoolReader reader) : IStepHandler
{
    public StepKind Kind => StepKinds.Synthesize;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<SynthesisSpec>();
        var method = methods.Single(method => method.Name == spec.Method);
        var pool = reader.Read(work);
        work.Progress.Report(new StepProgress(0.8, $"{method.Name} reads {pool.Rows.Count} rows"));
        var made = method.Make(pool);
        var findings = work.Store(FindingsOf.Pool(pool, made));
        return new StepOutput(
            Dataset(work, pool, made) with
            {
                Findings = findings,
            },
            Files: new SortedDictionary<string, string> { ["findings.json"] = findings.Hash }
        );
    }

    private static DatasetRef Dataset(StepWork work, Pool pool, Synthesised made)
    {
        var dataset = work.Dataset();
        var train = dataset.Find("train")!;
        var unlabelled = dataset.Find("unlabelled");
        var given = pool.Rows.Take(pool.Labelled).ToArray();
        var weighed = Weigh(pool.Spec, given, made.Examples);
        if (made.NewLabels is { } labels)
            // Dev and test have labels of the other set.
            return DatasetIdentity.Dataset(
                dataset.Name,
                dataset.Task,
                labels,
                [Store(work, weighed, train, unlabelled), .. unlabelled is null ? [] : new[] { unlabelled }],
                dataset.HiddenLabels
            );

        return DatasetIdentity.Replacing(
            dataset,
            weighed.Count == 0 ? train : Store(work, [.. given, .. weighed], train, unlabelled)
        );
    }

    /// <summary>Together as much as the labelled rows, so that many uncertain ones do not drown them; or as they are.</summary>
    private static IReadOnlyList<Example> Weigh(SynthesisSpec spec, Example[] given, IReadOnlyList<Example> made)
    {
        if (spec.Weights == "confidence" || spec.Method == "cluster-ids" || made.Count == 0)
            return made;
        var factor = given.Sum(row => (double)row.Weight) / made.Sum(row => (double)row.Weight);
        return [.. made.Select(row => row with { Weight = (float)(row.Weight * factor) })];
    }

    private static SplitRef Store(StepWork work, IReadOnlyList<Example> rows, SplitRef train, SplitRef? unlabelled)
    {
        string[] origins = unlabelled is null ? [] : [unlabelled.Id, .. unlabelled.CutFrom];
        return work.StoreRows("train", rows, [train.Id, .. train.CutFrom, .. origins]);
    }
}
