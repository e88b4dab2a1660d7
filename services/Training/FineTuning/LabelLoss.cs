using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>What a step asks for beside cross-entropy, with what it needs to know of the train split.</summary>
internal static class LabelLoss
{
    /// <summary>What is added to cross-entropy.</summary>
    public static ClassificationLoss Of(FineTuningJob job) =>
        new(
            job.Spec.LabelSmoothing,
            job.Spec.Focal,
            job.Spec.ClassWeights == "balanced" ? Balanced(job) : null,
            job.Spec.RDrop,
            job.Spec.Generalised ?? 0,
            job.Spec.ReverseCrossEntropy ?? 0,
            job.Spec.CrossEntropy ?? 1,
            job.Spec.SoftBootstrap ?? 0,
            job.Spec.HardBootstrap ?? 0,
            job.Spec.LogitAdjustment is > 0 and { } factor ? Shifts(job, factor) : null
        );

    /// <summary>
    /// The rows that an epoch reads where labels are read equally often: all of them, and of each rarer label so many again,
    /// in rounds over them in an order of the seed; null where each is read once.
    /// </summary>
    public static IReadOnlyList<int>? RowsRead(FineTuningJob job)
    {
        if (job.Spec.Resample != true || job.IsRegression)
            return null;
        var groups = Enumerable.Range(0, job.Train.Count).GroupBy(row => (int)job.Train.Targets[row]).ToList();
        var most = groups.Max(group => group.Count());
        return
        [
            .. Enumerable.Range(0, job.Train.Count),
            .. groups
                .OrderBy(group => group.Key)
                .SelectMany(group =>
                {
                    int[] rows = [.. group];
                    new CounterRandom(job.Spec.Seed, "resample", group.Key).Shuffle<int>(rows);
                    return Enumerable.Range(0, most - rows.Length).Select(i => rows[i % rows.Length]);
                }),
        ];
    }

    /// <summary>Each label's share of the train split; of a label without rows as if it had one.</summary>
    public static float[] Shares(FineTuningJob job)
    {
        var counts = Counts(job);
        return
        [
            .. job.Dataset.Labels.Select(
                (_, label) => Math.Max(counts.GetValueOrDefault(label), 1) / (float)job.Train.Count
            ),
        ];
    }

    private static float[] Shifts(FineTuningJob job, double factor) =>
        [.. Shares(job).Select(share => (float)(factor * Math.Log(share)))];

    /// <summary>Rows per label ÷ rows of that label, as scikit-learn's <c>balanced</c>; 1 for a label without rows.</summary>
    private static float[] Balanced(FineTuningJob job)
    {
        var counts = Counts(job);
        var mean = (float)job.Train.Count / job.Dataset.Labels.Count;
        return
        [
            .. job.Dataset.Labels.Select((_, label) => counts.TryGetValue(label, out var count) ? mean / count : 1),
        ];
    }

    private static Dictionary<int, int> Counts(FineTuningJob job) =>
        job.Train.Targets.CountBy(target => (int)target).ToDictionary();
}
