using System.Text.Json.Serialization;

namespace TransferPipeline.Contracts;

/// <summary>What was attacked and how; the counts and the log that came of it.</summary>
/// <param name="Model">The attacked model's id.</param>
/// <param name="Examples">How many were attacked, skipped ones included.</param>
/// <param name="Budget">The most queries of one example; null for no limit.</param>
/// <param name="Log">JSON Lines of <see cref="AttackedText"/>, in the order of the examples.</param>
public sealed record AttackSummary(
    string Recipe,
    string Model,
    string Dataset,
    SplitRef Split,
    long Seed,
    int Examples,
    int? Budget,
    string Log
)
{
    /// <summary>The share of words that were changed at random, without a search; null for an attack.</summary>
    public double? Noise { get; init; }

    /// <summary>The file of a step's output that holds it.</summary>
    public const string File = "attack.json";
}

/// <summary>One attack's figures as a report tells them.</summary>
/// <param name="N">Attacked examples, skipped ones included, unfinished ones not.</param>
/// <param name="Successful">Those that reached the goal; of a goal without an end, all that were not skipped.</param>
/// <param name="AttackSuccessRate">Successful ones of those that the model was right about; null where there are none.</param>
/// <param name="WordsChanged">Mean share of the words of successful examples; null where there are none.</param>
/// <param name="Queries">Mean of those not skipped; null where there are none.</param>
/// <param name="Forwards">Texts that the model really read, of all examples.</param>
/// <param name="OverQueries">Accuracy under attack with at most so many queries of each example.</param>
/// <param name="OverWordsChanged">Accuracy under attack where at most such a share of the words may be changed.</param>
/// <param name="Samples">Some of the successful examples.</param>
public sealed record AttackScores(
    string Recipe,
    long Seed,
    int? Budget,
    int N,
    int Skipped,
    int Failed,
    int Successful,
    int Unfinished,
    MetricValue OriginalAccuracy,
    MetricValue AccuracyUnderAttack,
    MetricValue? AttackSuccessRate,
    MetricValue? WordsChanged,
    MetricValue? Queries,
    long Forwards,
    IReadOnlyList<CurvePoint> OverQueries,
    IReadOnlyList<CurvePoint> OverWordsChanged,
    IReadOnlyList<AttackedText> Samples,
    string Log
)
{
    /// <summary>The share of words that were changed at random, without a search; null for an attack.</summary>
    public double? Noise { get; init; }

    /// <summary>Mean words of the texts as they were, of a goal without an end; null of others.</summary>
    public MetricValue? WordsBefore { get; init; }

    /// <summary>Mean words that such a goal left.</summary>
    public MetricValue? WordsLeft { get; init; }

    /// <summary>What the successful texts do to the other models of the step.</summary>
    public IReadOnlyList<TransferScores>? Transfer { get; init; }

    /// <summary>How far the successful texts are from the originals; null where there are none.</summary>
    public ValidityScores? Validity { get; init; }

    /// <summary>Whether it is meant to fool the model; a goal without an end keeps its label.</summary>
    [JsonIgnore]
    public bool Fools => WordsLeft is null;

    /// <summary>Whether it searches for a text that does.</summary>
    [JsonIgnore]
    public bool Searches => Fools && Noise is null;
}

/// <summary>One point of a curve, with the interval of its height.</summary>
public sealed record CurvePoint(double At, MetricValue Value);
