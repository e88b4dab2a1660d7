using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Which rows of train are mixed with one another.</summary>
/// <param name="Of">The group of each row.</param>
internal sealed record MixupGroups(FineTuningJob Job, IReadOnlyList<int> Of)
{
    /// <exception cref="BadInputException">The clusters are not those of the rows.</exception>
    public static MixupGroups Find(FineTuningJob job)
    {
        if (job.Work.Input("clusters")?.Dataset is not { } clusters)
            return new(job, new int[job.Train.Count]);

        var numbers = clusters.Labels.Select((label, number) => (label, number)).ToDictionary();
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in job.Work.Rows(clusters.Find("train")).Where(row => row.Label is not null))
        foreach (var id in new[] { row.Id, row.Source ?? row.Id })
            found[id] = numbers[row.Label!];
        var lacking = job.Train.Ids.FirstOrDefault(id => !found.ContainsKey(id));
        return lacking is null
            ? new(job, [.. job.Train.Ids.Select(id => found[id])])
            : throw new BadInputException(
                $"Step {job.Work.Step.Name}: row {lacking} of '{job.Dataset.Name}' has no cluster in '{clusters.Name}', which 'clusters' "
                    + "names; expected what synthesize with method cluster-ids made of the same rows."
            );
    }

    /// <summary>What a reader must know of them.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            var alone = Of.CountBy(group => group).Count(group => group.Value == 1);
            if (alone > 0)
                yield return $"{alone} of {Of.Count} rows were alone in their cluster, and were not mixed.";
        }
    }

    /// <summary>What learns of rows that are mixed.</summary>
    public ITrainingTask Mix(SequenceTask task, SequenceClassification model)
    {
        var read = LabelLoss.RowsRead(Job);
        int[] groups = read is null ? [.. Of] : [.. read.Select(row => Of[row])];
        return new MixupTask(task, model, groups, Job.Spec.Mixup!.Value, Job.Spec.Seed);
    }
}
