using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Ingestion.Corrupting;

/// <summary>
/// Makes a dataset in which labels of train are wrong or unequally many. The true labels of the rows it changed join the
/// hidden ones, which only scoring resolves.
/// </summary>
internal sealed class CorruptHandler : IStepHandler
{
    public StepKind Kind => StepKinds.Corrupt;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<CorruptionSpec>();
        var parent = work.Dataset();
        Check(work, parent, spec);

        var (splits, changed, reports) = (new List<SplitRef>(), new List<HiddenLabel>(), new List<CorruptedSplit>());
        foreach (var split in parent.Splits)
        {
            if (split.Labelled == 0 || split.Name != "train" && (split.Name != "dev" || spec.Dev != true))
            {
                splits.Add(split);
                continue;
            }
            var rows = work.Rows(split).ToList();
            var kept = Imbalance.Apply(rows, parent.Labels, spec, split.Name);
            var noisy = LabelNoise.Apply(kept, parent.Labels, spec, split.Name);
            changed.AddRange(
                kept.Zip(noisy)
                    .Where(pair => pair.First.Label != pair.Second.Label)
                    .Select(pair => new HiddenLabel(pair.First.Id, pair.First.Label!))
            );
            reports.Add(CorruptedSplit.Of(split.Name, parent.Labels, rows, kept, noisy));
            splits.Add(Store(work, split, noisy));
        }
        return new StepOutput(
            DatasetIdentity.Dataset(parent.Name, parent.Task, parent.Labels, splits, Hidden(work, parent, changed)),
            Files: new SortedDictionary<string, string> { [CorruptedSplit.File] = work.Store(reports).Hash }
        );
    }

    private static void Check(StepWork work, DatasetRef parent, CorruptionSpec spec)
    {
        if (parent.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw new BadInputException(
                $"Step {work.Step.Name}: corrupt changes labels of texts; dataset {parent.Name} is for {parent.Task}."
            );
        if (parent.Find("train") is not { Labelled: > 0 })
            throw new BadInputException($"Step {work.Step.Name}: dataset {parent.Name} has no labelled train split.");
        var named = (spec.Flips ?? new Dictionary<string, string>())
            .SelectMany(flip => new[] { ("flips", flip.Key), ("flips", flip.Value) })
            .Concat((spec.Counts ?? new Dictionary<string, string>()).Select(count => ("counts", count.Key)))
            .Concat(
                (spec.Confusion ?? new Dictionary<string, string>()).SelectMany(row =>
                    CorruptionSpec.ReadShares(row.Value)!.Keys.Append(row.Key).Select(label => ("confusion", label))
                )
            );
        string[] problems =
        [
            .. named
                .Distinct()
                .Where(entry => !parent.Labels.Contains(entry.Item2))
                .Select(entry =>
                    $"{entry.Item1}: '{entry.Item2}' is no label of {parent.Name}; expected {string.Join(", ", parent.Labels)}"
                ),
        ];
        if (problems.Length > 0)
            throw new BadInputException(problems);
    }

    private static ArtefactRef? Hidden(StepWork work, DatasetRef parent, List<HiddenLabel> changed)
    {
        if (changed.Count == 0)
            return parent.HiddenLabels;
        // A row that was made wrong before has its true label there already.
        var earlier = parent.HiddenLabels is null ? [] : HiddenLabel.Read(work.FileOf(parent.HiddenLabels)).ToList();
        var known = earlier.Select(label => label.Id).ToHashSet();
        return work.StoreLines(changed.Where(label => !known.Contains(label.Id)).Concat(earlier));
    }

    private static SplitRef Store(StepWork work, SplitRef of, IReadOnlyList<Example> rows)
    {
        var stored = work.StoreRows(of.Name, rows, [of.Id, .. of.CutFrom]);
        return stored.Id == of.Id ? of : stored;
    }
}
