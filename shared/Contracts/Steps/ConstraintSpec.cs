using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>The constraints of a recipe.</summary>
public sealed record ConstraintSpec : IValidatableObject
{
    [Description("A word that was changed is not changed again.")]
    public bool NoRepeats { get; init; }

    [Description("Stop words stay.")]
    public bool NoStopWords { get; init; }

    [Description("Words of fewer characters stay.")]
    [Range(1, 1000)]
    public int? LeastLength { get; init; }

    [Description("The one text of a pair that is changed, 1 or 2.")]
    [Range(1, 2)]
    public int? Column { get; init; }

    [Description("The most words that differ from the original's.")]
    [Range(1, 100000)]
    public int? Words { get; init; }

    [Description("The largest share of words that differ from the original's, rounded up.")]
    [Range(0.001, 1.0)]
    public double? Share { get; init; }

    [Description("The largest edit distance from the original, in characters.")]
    [Range(1, 1000000)]
    public int? Edits { get; init; }

    [Description("No word is replaced by its opposite by WordNet.")]
    public bool NoOpposites { get; init; }

    [Description(
        "By WordNet a word and its replacement can be of one class; or nouns and verbs may stand for each other. No tagger says which class a word is of."
    )]
    [AllowedValues("any", "same", "same-or-noun-for-verb")]
    public string WordClass { get; init; } = "any";

    [Description("The least cosine of a word and its replacement by the embeddings of the model 'vectors'.")]
    [Range(-1.0, 1.0)]
    public double? LeastCosine { get; init; }

    [Description("The least similarity to the original by the model 'encoder'.")]
    [Range(-1.0, 1.0)]
    public double? LeastSimilarity { get; init; }

    [Description("What similarity is.")]
    [AllowedValues("cosine", "angular")]
    public string Similarity { get; init; } = "cosine";

    [Description("Of how many words around the change similarity is taken; left out, of the whole text.")]
    [Range(1, 100000)]
    public int? Window { get; init; }

    [Description("How much more surprising than the old word a new one may be to 'languageModel', in nats.")]
    [Range(0.0, 1000.0)]
    public double? Surprise { get; init; }

    [Description("How many times the original's perplexity by 'languageModel' a text may have.")]
    [Range(1.0, 1e6)]
    public double? Perplexity { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LeastSimilarity is null && (Window is not null || Similarity != "cosine"))
            yield return new(
                "'window' and 'similarity' say how similarity is taken; expected 'leastSimilarity' beside them",
                [nameof(Window), nameof(Similarity)]
            );
    }
}
