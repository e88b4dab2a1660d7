using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Cleaning;

/// <summary>Probabilities of rows by a logistic regression that read all parts but theirs.</summary>
internal sealed class OutOfFold(CleaningSpec spec, Func<ITextFeatures>? openEncoder)
{
    /// <param name="part">Called when a part is judged, with how many are.</param>
    public IReadOnlyList<float[]> Predict(LabelledTexts texts, int labels, Action<int> part, CancellationToken stop)
    {
        int[] targets = [.. texts.Targets.Select(target => (int)target)];
        var folds = Folds(targets, spec.Folds, spec.Seed);
        using var encoder = openEncoder?.Invoke();
        var embedded = encoder?.Transform(texts.Texts, stop);
        var judged = new float[texts.Count][];
        for (var fold = 0; fold < spec.Folds; fold++)
        {
            stop.ThrowIfCancellationRequested();
            int[] own = [.. Rows(row => folds[row] == fold)];
            int[] others = [.. Rows(row => folds[row] != fold)];
            if (own.Length == 0)
                continue;
            // TF-IDF is fitted to the other parts too: what it knows of words is a part of what judges.
            using var words = encoder is null
                ? TfIdf.Fit([.. others.Select(row => texts.Texts[row])], null, stop)
                : null;
            var features = embedded ?? words!.Transform(texts.Texts, stop);
            var model = LogisticRegression.Fit(
                new(
                    features.Select(others),
                    [.. others.Select(row => targets[row])],
                    labels,
                    texts.Weights is null ? null : [.. others.Select(row => texts.Weights[row])]
                ),
                spec.C,
                stop
            );
            foreach (var row in own)
                judged[row] = model.Probabilities(features, row);
            part(fold + 1);
        }
        return judged;

        IEnumerable<int> Rows(Func<int, bool> chosen) => Enumerable.Range(0, texts.Count).Where(chosen);
    }

    /// <summary>The part of each row: the rows of each label are dealt out in an order of the seed.</summary>
    internal static int[] Folds(IReadOnlyList<int> targets, int folds, long seed)
    {
        var parts = new int[targets.Count];
        var next = 0;
        foreach (var group in Enumerable.Range(0, targets.Count).GroupBy(row => targets[row]).OrderBy(same => same.Key))
        {
            int[] rows = [.. group];
            new CounterRandom(seed, "folds", group.Key).Shuffle<int>(rows);
            foreach (var row in rows)
                parts[row] = next++ % folds;
        }
        return parts;
    }
}
