using TransferPipeline.Datasets;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Which of the official scripts scores answers; they differ where both sides are empty.</summary>
internal enum AnswerRules
{
    /// <summary>Two empty answers match exactly and have F1 0.</summary>
    Squad1,

    /// <summary>Two empty answers match exactly and have F1 1; accepted answers without any word are left out.</summary>
    Squad2,
}

/// <summary>One predicted answer per question; a question may count several times or not at all.</summary>
/// <param name="Predictions">The empty text says that there is none.</param>
/// <param name="Answers">The accepted answers of each question; an empty text, or nothing, where it has none.</param>
internal sealed record AnswerRows(string[] Predictions, string[][] Answers, AnswerRules Rules = AnswerRules.Squad2)
{
    // Scored once for all draws, which share it.
    private readonly Dictionary<string, double[]> _scored = [];

    /// <summary>How often each question counts; null: once.</summary>
    private int[]? Times { get; init; }

    /// <summary>The same questions, each as often as <paramref name="counts"/> says.</summary>
    public AnswerRows Drawn(int[] counts) => this with { Times = counts };

    /// <summary>The mean over the questions of the best score against any accepted answer.</summary>
    /// <param name="name">Of the score, to keep it by.</param>
    public double MeanOfBest(string name, Func<string, string, double> score)
    {
        if (!_scored.TryGetValue(name, out var best))
            _scored[name] = best = [.. Predictions.Zip(Answers, (said, accepted) => Best(said, accepted, score))];
        if (Times is null)
            return best.Average();
        var sum = 0.0;
        for (var row = 0; row < best.Length; row++)
            sum += Times[row] * best[row];
        return sum / Times.Sum();
    }

    private double Best(string said, string[] accepted, Func<string, string, double> score)
    {
        if (Rules is AnswerRules.Squad2)
            accepted = [.. accepted.Where(answer => AnswerText.Words(answer).Length > 0)];
        return accepted.DefaultIfEmpty("").Max(answer => score(said, answer));
    }
}
