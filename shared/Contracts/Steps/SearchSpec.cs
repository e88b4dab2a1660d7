using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>The search of a recipe.</summary>
public sealed record SearchSpec : IValidatableObject
{
    [Description("How the changed texts are gone through.")]
    [AllowedValues(
        "greedy",
        "beam",
        "word-importance",
        "genetic",
        "improved-genetic",
        "particle-swarm",
        "differential-evolution"
    )]
    public string Kind { get; init; } = "greedy";

    [Description(
        "How word-importance ranks words: by the score without them, with an unknown word instead, that weighted by the best candidate, by the gradient, or at random. Left out, delete."
    )]
    [AllowedValues("delete", "unknown", "weighted-saliency", "gradient", "random")]
    public string? Importance { get; init; }

    [Description("How many texts beam goes on with; left out, 8.")]
    [Range(1, 1000)]
    public int? Width { get; init; }

    [Description("How many texts a population has; left out, 60, of differential-evolution 32.")]
    [Range(4, 10000)]
    public int? Population { get; init; }

    [Description("How many generations there are; left out, 20, of differential-evolution 10.")]
    [Range(1, 10000)]
    public int? Iterations { get; init; }

    [Description("How often improved-genetic may replace a word; left out, 5.")]
    [Range(1, 1000)]
    public int? Replacements { get; init; }

    [Description("How many changes of a text differential-evolution makes at most; left out, 5.")]
    [Range(1, 1000)]
    public int? Changes { get; init; }

    /// <summary>Whether it puts texts together of others, word by word.</summary>
    internal bool Recombines => Kind is "genetic" or "improved-genetic" or "particle-swarm";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Importance is not null && Kind != "word-importance")
            yield return Foreign(nameof(Importance), "importance", "word-importance");
        if (Width is not null && Kind != "beam")
            yield return Foreign(nameof(Width), "width", "beam");
        if ((Population ?? Iterations) is not null && !Recombines && Kind != "differential-evolution")
            yield return Foreign(
                Population is null ? nameof(Iterations) : nameof(Population),
                Population is null ? "iterations" : "population",
                "genetic, improved-genetic, particle-swarm and differential-evolution"
            );
        if (Replacements is not null && Kind != "improved-genetic")
            yield return Foreign(nameof(Replacements), "replacements", "improved-genetic");
        if (Changes is not null && Kind != "differential-evolution")
            yield return Foreign(nameof(Changes), "changes", "differential-evolution");
    }

    private ValidationResult Foreign(string property, string name, string kinds) =>
        new($"search {Kind} has no '{name}'; it belongs to {kinds}", [property]);
}
