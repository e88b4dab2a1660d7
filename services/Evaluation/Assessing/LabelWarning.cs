using TransferPipeline.Evaluation.Reports;

namespace TransferPipeline.Evaluation.Assessing;

/// <summary>Says when labels that were given are not to be trusted.</summary>
internal static class LabelWarning
{
    /// <summary>Fewer labels tell too little of a precision.</summary>
    private const int Enough = 10;

    /// <summary>Clusters that agree on fewer rows agree by chance: sentiment among topics covers a tenth, topics a fifth and more.</summary>
    private const double LeastCoverage = 0.15;

    /// <summary>On dev where there is one; else against the hidden labels, else on the labelled rows themselves.</summary>
    /// <param name="least">The precision asked for of two labels; of more it lies as far between chance and 1.</param>
    /// <param name="labels">Number of labels.</param>
    public static string? Of(Assessment assessment, double least, int labels)
    {
        var (rows, where) = Counted(assessment);
        var asked = Asked(least, labels);
        if (rows?.Precision is { } precision && precision < asked)
            return $"{assessment.Method} gave labels of which {Percent(precision)} are right {where} ({rows.Given:N0} labels), "
                + $"below the {Percent(asked)} asked for: these rows do not carry the label, and training on it may hurt.";
        return assessment.Method == "k-means-labels" && assessment.Coverage < LeastCoverage
            ? $"{assessment.Method} gave {Percent(assessment.Coverage)} of the unlabelled rows a label: clusters seldom agree on one, "
                + "so these rows hardly carry it."
            : null;
    }

    private static (GivenRight? Rows, string Where) Counted(Assessment assessment) =>
        assessment switch
        {
            { Dev: { Given: >= Enough } dev } => (dev, "on dev"),
            { Hidden: { } hidden } => (hidden, "against the hidden labels"),
            { HeldOut: { } held } => (new GivenRight(held.Rows, held.Given, held.Right), "of held-out labelled rows"),
            _ => (null, ""),
        };

    private static double Asked(double least, int labels)
    {
        const double chanceOfTwo = 0.5;
        var chance = 1.0 / Math.Max(2, labels);
        return least <= chanceOfTwo ? least : chance + (least - chanceOfTwo) / (1 - chanceOfTwo) * (1 - chance);
    }

    private static string Percent(double share) => Wording.Number(100 * share, 1) + " %";
}
