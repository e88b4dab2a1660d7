namespace TransferPipeline.Evaluation.Metrics;

/// <summary>One predicted answer per question; the empty text says that there is none.</summary>
/// <param name="Answers">The accepted answers of each question; an empty text where it has none.</param>
internal sealed record AnswerRows(string[] Predictions, string[][] Answers)
{
    /// <summary>The mean over the questions of the best score against any accepted answer.</summary>
    public double MeanOfBest(Func<string, string, double> score) =>
        Predictions.Zip(Answers, (prediction, accepted) => accepted.Max(answer => score(prediction, answer))).Average();
}
