namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Mean overlap of words between answers; without any word on one side, 1 where both sides have none.</summary>
internal sealed class AnswerF1 : IMetric<AnswerRows>
{
    public string Name => "f1";

    public double Perfect => 1;

    public double Of(AnswerRows rows) => rows.MeanOfBest(Score);

    private static double Score(string prediction, string answer)
    {
        var said = AnswerText.Words(prediction);
        var expected = AnswerText.Words(answer);
        if (said.Length == 0 || expected.Length == 0)
            return said.Length == expected.Length ? 1 : 0;

        var left = expected.CountBy(word => word).ToDictionary();
        var shared = said.Count(word => left.GetValueOrDefault(word) > 0 && left[word]-- > 0);
        return 2.0 * shared / (said.Length + expected.Length);
    }
}
