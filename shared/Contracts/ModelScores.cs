namespace TransferPipeline.Contracts;

/// <summary>One model's scores on one split.</summary>
/// <param name="Predictions">JSON Lines: id, predicted label, probability of each label.</param>
/// <param name="Seen">Test texts present in any split of the model's ancestry.</param>
/// <param name="MetricsUnseen">The metrics without those texts; the same where there are none.</param>
/// <param name="Confusion">Counts, rows are true labels, columns predicted ones, in the order of <paramref name="Labels"/>.</param>
/// <param name="Scored">The rows that were scored: models are compared on the same ones only.</param>
public sealed record ModelScores(
    string Model,
    string Strategy,
    string Dataset,
    string Split,
    int N,
    string SelectedOn,
    long LabelsTrain,
    long LabelsDev,
    long Updates,
    double Seconds,
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, MetricValue> Metrics,
    IReadOnlyList<ClassScores> Classes,
    IReadOnlyList<IReadOnlyList<int>> Confusion,
    int Seen,
    IReadOnlyDictionary<string, MetricValue> MetricsUnseen,
    string Predictions,
    IReadOnlyList<string> Notes,
    SplitRef Scored
)
{
    /// <summary>How a note begins that says that a training learnt nothing: a report tells it before its figures.</summary>
    public const string Collapsed = "Collapsed: ";

    /// <summary>What the attacks on it came to; null where there were none.</summary>
    public IReadOnlyList<AttackScores>? Attacks { get; init; }
}

/// <summary>A figure with its 95 % interval; no interval where none is defined.</summary>
public sealed record MetricValue(double Value, double? Low = null, double? High = null);

/// <summary>The figures of one class.</summary>
public sealed record ClassScores(string Label, double Precision, double Recall, double F1, int Support);
