using TransferPipeline.Datasets;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of questions whose answer is an accepted one, word for word.</summary>
internal sealed class ExactMatch : IMetric<AnswerRows>
{
    public string Name => "exactMatch";

    public double Perfect => 1;

    public double Of(AnswerRows rows) => rows.MeanOfBest(Name, Score);

    private static double Score(string prediction, string answer) => AnswerText.AreSame(prediction, answer) ? 1 : 0;
}
