using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

// What answers wrong labels and unequal classes. Each is left out of the key where it is left out of the scenario.
/// <summary>How wrong and unequal labels are answered.</summary>
public sealed partial record FineTuningSpec
{
    [Description(
        "q of the generalised cross-entropy (1 - p^q) / q, between cross-entropy (0) and the mean absolute error (1); for labels of texts only, as are the next six."
    )]
    [Range(0.0, 1.0)]
    public double? Generalised { get; init; }

    [Description(
        "Weight of the reverse cross-entropy that is added, log 0 taken as -4 (symmetric cross-entropy); 0 for none."
    )]
    [Range(0.0, 100.0)]
    public double? ReverseCrossEntropy { get; init; }

    [Description("Weight of the cross-entropy beside reverseCrossEntropy; left out, 1.")]
    [Range(0.0, 100.0)]
    public double? CrossEntropy { get; init; }

    [Description("Share of the target that is the model's own probabilities (soft bootstrapping); 0 for none.")]
    [Range(0.0, 0.99)]
    public double? SoftBootstrap { get; init; }

    [Description("Share of the target that is the label the model finds likeliest (hard bootstrapping); 0 for none.")]
    [Range(0.0, 0.99)]
    public double? HardBootstrap { get; init; }

    [Description(
        "By this factor the logarithm of each label's share of the train split is added to its logit while training (logit adjustment); 0 for none."
    )]
    [Range(0.0, 10.0)]
    public double? LogitAdjustment { get; init; }

    [Description("Whether rows of rarer labels are read again until each label has as many; left out, they are not.")]
    public bool? Resample { get; init; }

    /// <summary>Whether an option is set that only labels of texts have a meaning for.</summary>
    public bool AsksForLabels() =>
        LabelSmoothing > 0
        || Focal > 0
        || RDrop > 0
        || ClassWeights != "none"
        || Generalised > 0
        || ReverseCrossEntropy > 0
        || CrossEntropy is not (null or 1)
        || SoftBootstrap > 0
        || HardBootstrap > 0
        || LogitAdjustment > 0
        || Resample == true
        || Adversarial is not null
        || Mixup > 0;

    private IEnumerable<ValidationResult> ValidateLosses()
    {
        string[] targets =
        [
            .. new[]
            {
                (LabelSmoothing > 0, "labelSmoothing"),
                (Focal > 0, "focal"),
                (Generalised > 0, "generalised"),
                (SoftBootstrap > 0, "softBootstrap"),
                (HardBootstrap > 0, "hardBootstrap"),
            }
                .Where(option => option.Item1)
                .Select(option => option.Item2),
        ];
        if (targets.Length > 1 && targets is not ["labelSmoothing", "focal"])
            yield return new(
                $"'{string.Join("' and '", targets)}' each say what cross-entropy becomes; expected one of them",
                [targets[^1]]
            );
        if (CrossEntropy == 0 && ReverseCrossEntropy is not > 0)
            yield return new(
                "'crossEntropy' is 0 and nothing stands beside it; expected a 'reverseCrossEntropy' above 0",
                [nameof(CrossEntropy)]
            );
    }
}
