using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>sample</c>.</summary>
public sealed record SamplingSpec : IValidatableObject
{
    [Description("Labelled train examples to keep of each class: a count, 0 to hide every label, or full.")]
    [RegularExpression("full|0|[1-9][0-9]{0,8}", ErrorMessage = "a count, or full")]
    public string? PerClass { get; init; }

    [Description("Share of the train examples to keep, stratified by label.")]
    [Range(0.0, 1.0)]
    public double? Fraction { get; init; }

    [Description("Selection data: as large as the train sample, all of it, or none.")]
    [AllowedValues("same", "full", "none")]
    public string Dev { get; init; } = "same";

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (PerClass is null == Fraction is null)
            yield return new ValidationResult(
                PerClass is null
                    ? "'perClass' or 'fraction' is missing; expected one of them"
                    : "'perClass' and 'fraction' are both given; expected one of them",
                [nameof(Fraction)]
            );
        if (PerClass == "0" && Dev == "same")
            yield return new ValidationResult(
                "'perClass' is 0, so a dev split of the same size would be empty; expected dev: full or none",
                [nameof(Dev), nameof(PerClass)]
            );
    }
}
