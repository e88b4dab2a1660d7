namespace TransferPipeline.Evaluation.Metrics;

/// <summary>The rows of a two-class task by falling score, those of equal score taken in one step.</summary>
internal static class ScoreSteps
{
    /// <summary>New positives, new negatives and all rows taken so far, step by step.</summary>
    public static IEnumerable<(int Positives, int Negatives, int Taken)> Of(ClassificationRows rows)
    {
        var order = rows.ByScore;
        var taken = 0;
        for (var at = 0; at < order.Length; )
        {
            var score = rows.Probabilities[order[at]][1];
            var positives = 0;
            var all = 0;
            for (; at < order.Length && rows.Probabilities[order[at]][1] == score; at++)
            {
                var count = rows.Counts[order[at]];
                all += count;
                positives += count * rows.Truth[order[at]];
            }
            if (all == 0)
                continue;
            taken += all;
            yield return (positives, all - positives, taken);
        }
    }
}
