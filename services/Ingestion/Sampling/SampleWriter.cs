using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Storage.Artefacts;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>Writes the splits of a sample and the labels it hides. A split that stays whole keeps its reference.</summary>
internal sealed class SampleWriter(
    DatasetRef parent,
    SplitPaths paths,
    IArtefacts artefacts,
    CancellationToken cancellation
)
{
    private readonly SplitRef _train = parent.Find("train")!;

    public DatasetRef Write(SamplePlan plan, SplitRef? selection, SplitRef? scoring)
    {
        var splits = new List<SplitRef> { Part("train", _train, paths.Train, plan.Train) };
        if (plan.DevOfTrain.Count > 0)
            splits.Add(Part("dev", _train, paths.Train, plan.DevOfTrain));
        else if (plan.DevOfDev is { } dev)
            splits.Add(Part("dev", selection!, paths.Dev!, dev));
        if (scoring is not null)
            splits.Add(scoring);

        var visible = plan.Train.Concat(plan.DevOfTrain).ToHashSet();
        splits.Add(Unlabelled(visible));
        return DatasetIdentity.Dataset(parent.Name, parent.Task, parent.Labels, splits, Hidden(visible));
    }

    private SplitRef Part(string name, SplitRef of, string path, IReadOnlyList<int> rows)
    {
        if (rows.Count == of.Rows)
            return of with { Name = name };
        var chosen = rows.ToHashSet();
        return Store(name, SplitReader.Read(path).Where((_, row) => chosen.Contains(row)), [of.Id, .. of.CutFrom]);
    }

    private SplitRef Unlabelled(HashSet<int> visible)
    {
        var before = parent.Find("unlabelled");
        if (visible.Count == _train.Rows && before is not null)
            return before;
        var rest = Rest(visible).Select(example => example with { Label = null });
        var kept = paths.Unlabelled is null ? [] : SplitReader.Read(paths.Unlabelled);
        string[] origins = before is null ? [] : [before.Id, .. before.CutFrom];
        return Store("unlabelled", rest.Concat(kept), [_train.Id, .. _train.CutFrom, .. origins]);
    }

    /// <summary>The labels taken away now and those that an earlier sample took.</summary>
    private ArtefactRef? Hidden(HashSet<int> visible)
    {
        if (visible.Count == _train.Rows)
            return parent.HiddenLabels;
        var taken = Rest(visible)
            .Where(example => example.Label is not null)
            .Select(example => new HiddenLabel(example.Id, example.Label!));
        var earlier = parent.HiddenLabels is null
            ? []
            : HiddenLabel
                .Read(artefacts.GetFileAsync(parent.HiddenLabels, cancellation).GetAwaiter().GetResult())
                .ToList();
        // The true label of a row whose own was made wrong stands there already.
        var known = earlier.Select(label => label.Id).ToHashSet();
        return artefacts
            .StoreAsync(
                (to, stop) =>
                    HiddenLabel.WriteAsync(to, taken.Where(label => !known.Contains(label.Id)).Concat(earlier), stop),
                cancellation
            )
            .GetAwaiter()
            .GetResult();
    }

    private IEnumerable<Example> Rest(HashSet<int> visible) =>
        SplitReader.Read(paths.Train).Where((_, row) => !visible.Contains(row));

    private SplitRef Store(string name, IEnumerable<Example> examples, IEnumerable<string> cutFrom) =>
        artefacts.StoreSplit(name, examples, cutFrom, cancellation);
}
