using System.Diagnostics;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Labels texts of the pool with a teacher's model.</summary>
/// <param name="round">Of the student that will learn them, from 1.</param>
internal delegate IReadOnlyList<PseudoLabel> LabelPool(string teacher, int round);

/// <summary>
/// A model learns the true labels; then students in a row learn them and what their teacher says of the pool, each from the
/// weights that the first began with, and the next one's teacher is the last student.
/// </summary>
internal sealed class StudentRounds(FineTuningJob job, UnlabelledTexts pool, OpenFit open, LabelPool label)
{
    private const int UsualRounds = 3;

    private readonly int _rounds = job.Spec.Rounds ?? UsualRounds;
    private readonly Stopwatch _watch = new();

    public TrainedModel Run(string folder)
    {
        var at = RoundCheckpoint.Restore(job.Work) ?? First();
        while (at.State.Round <= _rounds && at.State.Labels.Count > 0)
            at = Student(at);

        foreach (var file in Directory.EnumerateFiles(at.Teacher))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["trainingLoss"] = at.State.Loss };
        if (at.State.Score is { } score)
            scores[job.Spec.SelectBy] = score;
        return new(
            at.State.Updates,
            at.State.Seconds,
            UsedDev: job.Dev is not null,
            scores,
            at.State.Notes,
            UsedUnlabelled: true
        );
    }

    private RoundCheckpoint First()
    {
        var folder = NewFolder("first");
        var trained = AllWeights.Train(job, folder, open);
        _watch.Restart();
        var score = Score(folder);
        var notes = trained.Notes.Append($"Teacher: {job.Train.Count} true labels{DevScore.Told(job, score)}.");
        return Next(folder, 1, trained.Updates, trained.Seconds, trained.Scores["trainingLoss"], score, [.. notes]);
    }

    private RoundCheckpoint Student(RoundCheckpoint at)
    {
        var (state, folder) = (at.State, NewFolder($"student-{at.State.Round}"));
        var trained = AllWeights.Train(job with { Train = Joined(state.Labels) }, folder, open, at);
        _watch.Restart();
        var score = Score(folder);
        var (updates, seconds) = (state.Updates + trained.Updates, state.Seconds + trained.Seconds);
        var note =
            $"Student {state.Round}: {trained.Updates} updates, {state.Labels.Count} of {pool.Count} unlabelled texts{DevScore.Told(job, score)}";
        if (score < state.Score)
        {
            string[] notes = [.. state.Notes, $"{note}; worse than its teacher, which was kept."];
            return at with { State = state with { Labels = [], Updates = updates, Seconds = seconds, Notes = notes } };
        }
        return Next(
            folder,
            state.Round + 1,
            updates,
            seconds,
            trained.Scores["trainingLoss"],
            score,
            [.. state.Notes, note + "."]
        );
    }

    /// <summary>Labels the pool for the next student, and stores where the step stands.</summary>
    private RoundCheckpoint Next(
        string teacher,
        int round,
        long updates,
        double seconds,
        double loss,
        double? score,
        IReadOnlyList<string> notes
    )
    {
        var labels = round > _rounds ? [] : label(teacher, round);
        if (round <= _rounds && labels.Count == 0)
            notes = [.. notes, $"Of no unlabelled text was the teacher sure enough for a student {round}."];
        var next = new RoundCheckpoint(
            new(round, updates, seconds + _watch.Elapsed.TotalSeconds, loss, score, labels, notes),
            teacher
        );
        if (labels.Count > 0)
            next.Save(job.Work);
        return next;
    }

    private double? Score(string folder)
    {
        if (!job.Spec.Guard)
            return null;
        using var classifier = Classifiers.Open(folder, job.Compute);
        return DevScore.Of(job, classifier);
    }

    /// <summary>
    /// True labels and pseudo-labels; read equally often in all where that was asked for, since a mean over a batch knows
    /// no weights of other batches.
    /// </summary>
    private LabelledTexts Joined(IReadOnlyList<PseudoLabel> labels)
    {
        var equal = job.Spec.PseudoWeight == "as-labels" || job.Spec.Strategy == "ust";
        var (own, theirs) = (job.Train.Count, labels.Count);
        var rows = Repeated(own, equal ? Times(theirs, own) : 1);
        var given = Repeated(theirs, equal ? Times(own, theirs) : 1).Select(number => labels[number]).ToList();
        var weights = rows.Select(row => job.Train.Weights?[row] ?? 1)
            .Concat(given.Select(found => found.Weight))
            .ToList();
        return new(
            [.. rows.Select(row => job.Train.Texts[row]), .. given.Select(found => pool.Texts[found.Row])],
            [.. rows.Select(row => job.Train.Targets[row]), .. given.Select(found => (float)found.Label)],
            weights.All(weight => weight == 1) ? null : weights,
            [.. rows.Select(row => job.Train.Labels[row]), .. given.Select(found => job.Dataset.Labels[found.Label])],
            [.. rows.Select(row => job.Train.Ids[row]), .. given.Select(found => pool.Ids[found.Row])]
        );

        static int Times(int more, int fewer) => Math.Max(1, (int)Math.Round((double)more / fewer));
    }

    private static List<int> Repeated(int count, int times) =>
        [.. Enumerable.Range(0, count * times).Select(i => i % count)];

    private string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(job.Work.Scratch, name)).FullName;
}
