using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

// Each is left out of the key where it is left out of the scenario.
/// <summary>How embeddings are moved against the model while it learns.</summary>
public sealed partial record FineTuningSpec
{
    private const string FreeLb = "freelb";
    private const string Vat = "vat";

    [Description(
        "Adversarial training of embeddings: freelb learns from several moves up the loss in each update, vat also learns to answer a moved text as the text itself. For labels of texts and strategy none; left out, there is none."
    )]
    [AllowedValues(FreeLb, Vat)]
    public string? Adversarial { get; init; }

    [Description(
        "Passes of freelb in each update, 1 for the first move alone; iterations by which vat finds its direction. Left out, 3 and 1."
    )]
    [Range(1, 10)]
    public int? AdversarialSteps { get; init; }

    [Description("Length of one step of freelb, over all embeddings of a text; left out, 0.1.")]
    [Range(0.0, 100.0)]
    public double? AdversarialStepSize { get; init; }

    [Description("Greatest length of freelb's first, random move; 0 begins at the text itself. Left out, 0.6.")]
    [Range(0.0, 100.0)]
    public double? AdversarialStart { get; init; }

    [Description("Length that a move of freelb does not exceed, left out any; that a move of vat has, left out 1.")]
    [Range(0.0, 100.0)]
    public double? AdversarialRadius { get; init; }

    [Description("Weight of what vat adds to the loss; 0 for nothing. Left out, 1.")]
    [Range(0.0, 100.0)]
    public double? AdversarialWeight { get; init; }

    private IEnumerable<ValidationResult> ValidateAdversarial()
    {
        if (Adversarial is not null && Strategy != "none")
            yield return new(
                $"'adversarial' moves the embeddings of plain fine-tuning, and the strategy is {Strategy}; expected strategy none",
                [nameof(Adversarial)]
            );
        (string? Of, bool Given, string Name)[] further =
        [
            (null, AdversarialSteps is not null, nameof(AdversarialSteps)),
            (null, AdversarialRadius is not null, nameof(AdversarialRadius)),
            (FreeLb, AdversarialStepSize is not null, nameof(AdversarialStepSize)),
            (FreeLb, AdversarialStart is not null, nameof(AdversarialStart)),
            (Vat, AdversarialWeight is not null, nameof(AdversarialWeight)),
        ];
        foreach (var (of, given, name) in further)
            if (given && (Adversarial is null || (of is not null && of != Adversarial)))
                yield return new(
                    $"'{char.ToLowerInvariant(name[0])}{name[1..]}' says how 'adversarial: {of ?? $"{FreeLb}' or '{Vat}"}' goes; expected that beside it",
                    [name]
                );
    }
}
