using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>The transformations of a recipe.</summary>
public sealed record TransformationSpec : IValidatableObject
{
    [Description(
        "Changes of a character: two neighbours swapped, one substituted, deleted or inserted at random, a neighbouring key, a look-alike, a blank, an invisible one, an invisible reordering, an inserted one that is erased again."
    )]
    [AllowedValues(
        "swap",
        "substitute",
        "delete",
        "insert",
        "keys",
        "look-alikes",
        "blanks",
        "invisible",
        "reorder",
        "erase"
    )]
    public IReadOnlyList<string>? Characters { get; init; }

    [Description("Where characters are changed: at one place that is drawn, or at each.")]
    [AllowedValues("one", "all")]
    public string Places { get; init; } = "one";

    [Description("Whether the first character of a word stays.")]
    public bool KeepFirst { get; init; }

    [Description("Whether the last character of a word stays.")]
    public bool KeepLast { get; init; }

    [Description("Synonyms by WordNet.")]
    public bool WordNet { get; init; }

    [Description("So many of the nearest words of a pack of kind neighbours.")]
    [Range(1, 1000)]
    public int? Neighbours { get; init; }

    [Description("So many of the nearest words by the embeddings of the model 'vectors'.")]
    [Range(1, 1000)]
    public int? Nearest { get; init; }

    [Description("So many words that raise the loss most by the attacked model's gradient.")]
    [Range(1, 1000)]
    public int? Gradient { get; init; }

    [Description("So many words that 'maskedModel' foretells in the place of a word.")]
    [Range(1, 1000)]
    public int? Foretold { get; init; }

    [Description("So many words that 'maskedModel' foretells behind a word.")]
    [Range(1, 1000)]
    public int? Inserted { get; init; }

    [Description("So many words that 'maskedModel' foretells in the place of two.")]
    [Range(1, 1000)]
    public int? Merged { get; init; }

    [Description("So many words that 'maskedModel' puts together of what it says at the pieces of a word.")]
    [Range(1, 1000)]
    public int? Pieces { get; init; }

    [Description("The least probability of a foretold word.")]
    [Range(0.0, 1.0)]
    public double? LeastProbability { get; init; }

    [Description("Words are left out.")]
    public bool Delete { get; init; }

    [Description("A word and the next are written as one.")]
    public bool Join { get; init; }

    [Description("Words are contracted (is not) or expanded (isn't).")]
    public bool Contractions { get; init; }

    [Description("So many other names of people in the place of one that the lists know.")]
    [Range(1, 1000)]
    public int? Names { get; init; }

    [Description("So many other places in the place of one that the lists know.")]
    [Range(1, 1000)]
    public int? Locations { get; init; }

    [Description("So many other numbers in the place of a whole number.")]
    [Range(1, 1000)]
    public int? Numbers { get; init; }

    /// <summary>Whether a masked language model foretells words.</summary>
    public bool AsksMaskedModel() => (Foretold ?? Inserted ?? Merged ?? Pieces) is not null;

    /// <summary>The first part after which a text may have more or fewer words.</summary>
    internal string? ChangesWordCount =>
        Characters?.FirstOrDefault(one => one is "blanks" or "invisible" or "reorder" or "erase")
        ?? (
            Inserted is not null ? "inserted"
            : Merged is not null ? "merged"
            : Delete ? "delete"
            : Join ? "join"
            : Contractions ? "contractions"
            : null
        );

    /// <summary>The first part that does more than leave words out.</summary>
    internal string? OtherThanDeletion => Given.FirstOrDefault(part => part != "delete");

    private IEnumerable<string> Given =>
        new (string Name, bool Given)[]
        {
            ("characters", Characters is { Count: > 0 }),
            ("wordNet", WordNet),
            ("neighbours", Neighbours is not null),
            ("nearest", Nearest is not null),
            ("gradient", Gradient is not null),
            ("foretold", Foretold is not null),
            ("inserted", Inserted is not null),
            ("merged", Merged is not null),
            ("pieces", Pieces is not null),
            ("delete", Delete),
            ("join", Join),
            ("contractions", Contractions),
            ("names", Names is not null),
            ("locations", Locations is not null),
            ("numbers", Numbers is not null),
        }
            .Where(part => part.Given)
            .Select(part => part.Name);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Given.Any())
            yield return new("changes nothing; expected at least one part, as in { characters: [swap] }");
        if (Characters is null && (KeepFirst || KeepLast || Places != "one"))
            yield return new(
                "'places', 'keepFirst' and 'keepLast' say where characters are changed; expected 'characters' beside them",
                [nameof(Places), nameof(KeepFirst), nameof(KeepLast)]
            );
        if (LeastProbability is not null && (Foretold ?? Inserted ?? Merged) is null)
            yield return new(
                "'leastProbability' is of foretold words; expected 'foretold', 'inserted' or 'merged' beside it",
                [nameof(LeastProbability)]
            );
    }
}
