using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>corrupt</c>.</summary>
public sealed record CorruptionSpec : IValidatableObject
{
    private const string None = "none";

    [Description(
        "Wrong labels: any other one, the one that flips names, or one drawn from the label's row of confusion."
    )]
    [AllowedValues(None, "symmetric", "pairs", "confusion")]
    public string Noise { get; init; } = None;

    [Description("Share of the rows whose label symmetric and pairs change.")]
    [Range(0.0, 1.0)]
    public double Rate { get; init; } = 0.2;

    [Description("What pairs makes of a label; left out, each becomes the next one of the set, the last the first.")]
    public IReadOnlyDictionary<string, string>? Flips { get; init; }

    [Description("For each label the probabilities of what it becomes, as in { ham: ham 0.9 spam 0.1 }.")]
    public IReadOnlyDictionary<string, string>? Confusion { get; init; }

    [Description(
        "Fewer rows of some labels: ever fewer from the most frequent label to the rarest, or as counts says."
    )]
    [AllowedValues(None, "long-tail", "counts")]
    public string Imbalance { get; init; } = None;

    [Description("Rows of the most frequent label for each row of the rarest, in a long tail.")]
    [Range(1.0, 1e9)]
    public double Ratio { get; init; } = 10;

    [Description("Rows to keep of a label; of one that is not named all are kept.")]
    public IReadOnlyDictionary<string, string>? Counts { get; init; }

    [Description("Whether dev is changed as train is; left out, it is not. Test never is.")]
    public bool? Dev { get; init; }

    [Description("Seed of everything that this step draws; a larger rate changes the rows of a smaller one too.")]
    public long Seed { get; init; } = 13;

    /// <summary>The probabilities of a row of <see cref="Confusion"/> by label; null where it cannot be read.</summary>
    public static IReadOnlyDictionary<string, double>? ReadShares(string row)
    {
        var words = row.Split((char[]?)[' ', ','], StringSplitOptions.RemoveEmptyEntries);
        var shares = new Dictionary<string, double>(StringComparer.Ordinal);
        if (words.Length == 0 || words.Length % 2 != 0)
            return null;
        foreach (var pair in words.Chunk(2))
            if (
                !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var share)
                || share is not (>= 0 and <= 1)
                || !shares.TryAdd(pair[0], share)
            )
                return null;
        return Math.Abs(shares.Values.Sum() - 1) < 1e-6 ? shares : null;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Noise == None && Imbalance == None)
            yield return new("'noise' and 'imbalance' are none; expected at least one of them", [nameof(Noise)]);
        if (Noise == "confusion" && Confusion is not { Count: > 0 })
            yield return new("'confusion' is missing, which noise confusion needs", [nameof(Confusion)]);
        if (Imbalance == "counts" && Counts is not { Count: > 0 })
            yield return new("'counts' is missing, which imbalance counts needs", [nameof(Counts)]);
        foreach (var (label, row) in Confusion ?? new Dictionary<string, string>())
            if (ReadShares(row) is null)
                yield return new(
                    $"'confusion' says '{row}' of {label}; expected labels and their probabilities, which sum to 1, as in 'ham 0.9 spam 0.1'",
                    [nameof(Confusion)]
                );
        foreach (var (label, count) in Counts ?? new Dictionary<string, string>())
            if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 1)
                yield return new(
                    $"'counts' says '{count}' of {label}; expected a count of 1 or more",
                    [nameof(Counts)]
                );
    }
}
