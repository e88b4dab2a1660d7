using System.Diagnostics;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// Self-training of a logistic regression on frozen embeddings: texts of which it is sure get its label, and keep it, until
/// it is sure of no more or the rounds are over.
/// </summary>
internal sealed class FrozenRounds(FineTuningJob job, UnlabelledTexts pool)
{
    private const int UsualRounds = 10;
    private const double UsualC = 10;

    private readonly double _c = job.Spec.C ?? UsualC;
    private readonly List<PseudoLabel> _given = [];

    public TrainedModel Run(string folder)
    {
        var watch = Stopwatch.StartNew();
        var encoder = FrozenFeatures.Encoder(job);
        var embedder = job.OpenEncoder(encoder);
        using var features = new EmbeddingFeatures(encoder, job.Spec.MaxTokens, embedder);
        var cutOff = features.CutOff(job.Train.Texts);
        var longTexts = new LongTexts(job, "tokens", "what the encoder reads");
        longTexts.Check("train", job.Train, cutOff);

        var vectors = Embed(embedder, [.. job.Train.Texts, .. pool.Texts]);
        var (train, unlabelled) = (Rows(job.Train.Texts), Rows(pool.Texts));
        var dev = job.Spec.Guard ? features.Transform(DevScore.Split(job).Texts, job.Work.Stop) : null;
        var (model, notes) = Rounds(train, unlabelled, dev);
        using var classifier = new BaselineClassifier(job.Dataset.Labels, features, model);
        BaselineFolder.Save(
            folder,
            classifier,
            ClassifierHead.Algorithm,
            new Dictionary<string, double> { ["c"] = _c, ["pseudoLabels"] = _given.Count }
        );
        var scores = new Dictionary<string, double>();
        if (Score(model, dev) is { } score)
            scores[job.Spec.SelectBy] = score;
        return new(
            Updates: 0,
            watch.Elapsed.TotalSeconds,
            UsedDev: dev is not null,
            scores,
            [.. FrozenFeatures.Notes(job), .. notes, .. ClassifierHead.Notes(model), .. longTexts.Notes(cutOff)],
            UsedUnlabelled: true
        );

        FeatureRows Rows(IEnumerable<ModelText> texts) =>
            FeatureRows.Dense([.. texts.Select(text => vectors[text])], embedder.Width);
    }

    private (LinearModel Model, List<string> Notes) Rounds(FeatureRows train, FeatureRows unlabelled, FeatureRows? dev)
    {
        var students = new List<string>();
        var end = "";
        var model = Fit(train, unlabelled);
        var score = Score(model, dev);
        var teacher = $"Teacher: {job.Train.Count} true labels{DevScore.Told(job, score)}.";
        for (var round = 1; round <= (job.Spec.Rounds ?? UsualRounds); round++)
        {
            var known = _given.Count;
            Label(model, unlabelled);
            if (_given.Count == known)
                break;
            var student = Fit(train, unlabelled);
            var next = Score(student, dev);
            students.Add($"{_given.Count}{DevScore.Told(job, next)}");
            if (next < score)
            {
                end = "; the last was worse than its teacher, which was kept";
                _given.RemoveRange(known, _given.Count - known);
                break;
            }
            (model, score) = (student, next);
        }
        // One note for all of them: they are many, and a report shows every note.
        return (
            model,
            [
                teacher,
                $"Students: {string.Join("; ", students.DefaultIfEmpty("0"))} of {pool.Count} unlabelled texts{end}.",
            ]
        );
    }

    private void Label(LinearModel model, FeatureRows unlabelled)
    {
        var known = _given.Select(found => found.Row).ToHashSet();
        var sure = SelfTraining.Sure(Predict(model, unlabelled), job.Threshold(SelfTraining.UsualThreshold));
        _given.AddRange(sure.Where(found => !known.Contains(found.Row)));
    }

    private LinearModel Fit(FeatureRows train, FeatureRows unlabelled)
    {
        var share =
            job.Spec.PseudoWeight == "as-labels" && _given.Count > 0 ? (float)job.Train.Count / _given.Count : 1;
        var given = unlabelled.Select([.. _given.Select(found => found.Row)]);
        return LogisticRegression.Fit(
            new(
                _given.Count == 0 ? train : FeatureRows.Concat([train, given]),
                [.. job.Train.Targets.Select(target => (int)target), .. _given.Select(found => found.Label)],
                job.Dataset.Labels.Count,
                [.. job.Train.Weights ?? [.. job.Train.Texts.Select(_ => 1f)], .. _given.Select(_ => share)]
            ),
            _c,
            job.Work.Stop
        );
    }

    private double? Score(LinearModel model, FeatureRows? dev) =>
        dev is null ? null : DevScore.Of(job, Predict(model, dev));

    private static float[][] Predict(LinearModel model, FeatureRows rows) =>
        [.. Enumerable.Range(0, rows.Count).Select(row => model.Probabilities(rows, row))];

    private IReadOnlyDictionary<ModelText, float[]> Embed(IEmbedder embedder, IEnumerable<ModelText> texts) =>
        SharedVectors.Of(
            embedder,
            texts,
            (done, all) => job.Work.Progress.Report(new((double)done / all, $"features of {done} of {all} texts")),
            job.Work.Stop
        );
}
