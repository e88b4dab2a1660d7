using System.Globalization;
using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>The local files of a dataset's splits; null where there is none.</summary>
internal sealed record SplitPaths(string Train, string? Dev, string? Unlabelled, string? Rows);

/// <summary>Which rows of the parent's splits go where.</summary>
/// <param name="Train">Rows of train that keep their labels.</param>
/// <param name="DevOfTrain">Rows of train that become dev; empty where dev comes from the dev split or is not wanted.</param>
/// <param name="DevOfDev">Rows of the dev split that stay dev; null where none of it is selection data.</param>
internal sealed record SamplePlan(IReadOnlyList<int> Train, IReadOnlyList<int> DevOfTrain, IReadOnlyList<int>? DevOfDev)
{
    /// <summary>Where all of train is wanted and no dev split is free, this share of it becomes selection data.</summary>
    private const double HeldOut = 0.1;

    /// <summary>Chooses the rows; reads labels, and texts only where dev must be cut from train.</summary>
    /// <param name="selection">The dev split, where it is labelled and not needed for scoring.</param>
    public static SamplePlan Of(DatasetRef parent, SamplingSpec spec, SplitPaths paths, SplitRef? selection)
    {
        var train = new LabelledRows("train", paths.Train, Classes(parent));
        var sample = ChooseTrain(train, parent, spec, paths.Rows);
        if (spec.Dev == "none")
            return new SamplePlan(sample, [], null);
        if (selection is not null)
        {
            var dev = new LabelledRows("dev", paths.Dev!, Classes(parent));
            return spec.Dev == "full"
                ? new SamplePlan(sample, [], [.. Enumerable.Range(0, dev.Rows)])
                : new SamplePlan(sample, [], dev.Choose(train.Count(sample), spec.Seed));
        }
        if (spec.Dev == "full")
            throw new BadInputException(
                $"dev: full needs a labelled dev split that scoring does not use, and dataset '{parent.Name}' has none; expected same or none"
            );

        var labelled = train.Count();
        var all = sample.Count == labelled.Sum() - labelled[0];
        var counts = all ? train.Share(HeldOut) : train.Count(sample);
        var cut = DevCut.Take(train, paths.Train, paths.Unlabelled, all ? [] : sample, counts, spec.Seed);
        return new SamplePlan(all ? [.. sample.Except(cut)] : sample, cut, null);
    }

    private static List<int> ChooseTrain(LabelledRows train, DatasetRef parent, SamplingSpec spec, string? rowsFile)
    {
        if (spec.PerClass is null == spec.Fraction is null)
            throw new BadInputException("sample: expected one of perClass and fraction");
        if (rowsFile is not null && spec.PerClass is null)
            throw new BadInputException("rows: its entries are found by perClass and seed; expected perClass");
        if (spec.PerClass == "full")
            return train.Choose(train.Count(), spec.Seed);
        if (spec.Fraction is { } fraction)
            return fraction > 0
                ? train.Choose(train.Share(fraction), spec.Seed)
                : throw new BadInputException("fraction: 0 leaves nothing to train on; expected a share above 0");
        if (rowsFile is not null)
        {
            var rows = GivenRows.Read(rowsFile, spec.PerClass!, spec.Seed, train.Rows);
            if (rows.FirstOrDefault(row => train.Classes[row] == 0, -1) is >= 0 and var bare)
                throw new BadInputException($"rows: train row {bare} has no label; expected labelled rows");
            return [.. rows];
        }
        if (Classes(parent).Count == 0)
            throw new BadInputException(
                $"perClass: dataset '{parent.Name}' has no classes; expected full or a fraction"
            );
        return train.Choose(train.PerClass(int.Parse(spec.PerClass!, CultureInfo.InvariantCulture)), spec.Seed);
    }

    /// <summary>The labels that rows are counted by; none where a label is no class of a row.</summary>
    private static IReadOnlyList<string> Classes(DatasetRef parent) =>
        parent.Task is TaskType.Classification or TaskType.PairClassification ? parent.Labels : [];
}
