using TransferPipeline.Contracts;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>A model's predictions on a split, in the order of its rows, and what they are worth.</summary>
internal interface IPredicted
{
    /// <summary>What the figures tell apart: classes, or types of entities; none where there are no such.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>What a reader must know beside the figures.</summary>
    IReadOnlyList<string> Notes { get; }

    /// <summary>Whether a row counts only where it carries a label.</summary>
    bool NeedsLabels => true;

    /// <summary>Figures over some rows, each with its interval.</summary>
    IReadOnlyDictionary<string, MetricValue> Metrics(int[] rows);

    /// <summary>The figures of each label.</summary>
    IReadOnlyList<ClassScores> Classes(int[] rows);

    /// <summary>Counts, rows are true labels, columns predicted ones; none where a row has no single label.</summary>
    IReadOnlyList<IReadOnlyList<int>> Confusion(int[] rows);

    /// <summary>One JSON object per row.</summary>
    Task WriteAsync(Stream to, CancellationToken cancellation);
}
