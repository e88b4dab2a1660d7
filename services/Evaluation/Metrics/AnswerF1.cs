using TransferPipeline.Datasets;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean overlap of words between answers; without any word on both sides, what the rules say.</summary>
internal sealed class AnswerF1 : IMetric<AnswerRows>
{
    public string Name => "f1";

    public double Perfect => 1;

    public double Of(AnswerRows rows)
    {
        var bothEmpty = rows.Rules is AnswerRules.Squad2 ? 1 : 0;
        return rows.MeanOfBest(Name, (prediction, answer) => Score(prediction, answer, bothEmpty));
    }

    private static double Score(string prediction, string answer, double bothEmpty)
    {
        var said = AnswerText.Words(prediction);
        var expected = AnswerText.Words(answer);
        if (said.Length == 0 || expected.Length == 0)
            return said.Length == expected.Length ? bothEmpty : 0;

        var left = expected.CountBy(word => word).ToDictionary();
        var shared = said.Count(word => left.GetValueOrDefault(word) > 0 && left[word]-- > 0);
        return 2.0 * shared / (said.Length + expected.Length);
    }
}
