using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>The property takes the block of keys that stands where another parameter's word may stand.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BlockOfAttribute(string parameter) : Attribute
{
    public string Parameter { get; } = parameter;
}

/// <summary>A recipe written as its parts.</summary>
public sealed record RecipeSpec : IValidatableObject
{
    [Description("What reports call it.")]
    [RegularExpression(
        "[A-Za-z0-9][A-Za-z0-9._-]*",
        ErrorMessage = "letters, digits, dots, dashes and underscores, a letter or digit first"
    )]
    public string Name { get; init; } = "own";

    [Description(
        "What is wanted: any other label, the label target, a probability of the true label below a bound, or as few words as possible."
    )]
    [AllowedValues("untargeted", "targeted", "lower-score", "input-reduction")]
    public string Goal { get; init; } = "untargeted";

    [Description("The label that a targeted attack wants.")]
    public string? Target { get; init; }

    [Description("The bound of lower-score.")]
    [Range(0.0, 1.0)]
    public double? Below { get; init; }

    [Description("How texts are changed: one or several parts, all of which are tried.")]
    [Required]
    public TransformationSpec Transformation { get; init; } = new();

    [Description("What a changed text must keep; left out, nothing.")]
    public ConstraintSpec Constraints { get; init; } = new();

    [Description("How the changed texts are gone through; left out, greedily.")]
    public SearchSpec Search { get; init; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if ((Goal == "targeted") != (Target is not null))
            yield return new(
                "'target' and goal targeted belong together; expected both or neither",
                [Target is null ? nameof(Goal) : nameof(Target)]
            );
        if ((Goal == "lower-score") != (Below is not null))
            yield return new(
                "'below' and goal lower-score belong together; expected both or neither",
                [Below is null ? nameof(Goal) : nameof(Below)]
            );
        if (Goal == "input-reduction" && Transformation.OtherThanDeletion is { } part)
            yield return new(
                $"goal input-reduction leaves words out and cannot use '{part}'; expected 'delete: true' alone",
                [nameof(Goal)]
            );
        if (Search.Recombines && Transformation.ChangesWordCount is { } counted)
            yield return new(
                $"search {Search.Kind} recombines texts word by word and cannot use '{counted}'; expected parts that put one word in the place of one",
                [nameof(Search)]
            );
        if (Transformation.AsksMaskedModel() && Search.Kind == "differential-evolution")
            yield return new(
                "search differential-evolution asks for every candidate of a word again and again, too often for a masked language model; expected another search",
                [nameof(Search)]
            );
    }
}
