using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>rewrite</c>.</summary>
public sealed record RewritingSpec : IInputNeeds
{
    private const string Masked = "masked-model";

    [Description(
        "The edit: eda draws among synonyms, insertion, swap and deletion (Wei and Zou 2019); neighbours are counter-fitted synonyms, typos neighbouring keys, cut-off a fixed share of the words left out, masked-model words that the step's model foretells."
    )]
    [AllowedValues("eda", "synonyms", "insertion", "swap", "deletion", "neighbours", "typos", "cut-off", Masked)]
    public string Method { get; init; } = "eda";

    [Description("Edited copies of each labelled train example.")]
    [Range(1, 100)]
    public int Copies { get; init; } = 1;

    [Description("Share of a text's words that are edited, at least one of them; of deletion the probability of each.")]
    [Range(0.0, 1.0)]
    public double Rate { get; init; } = 0.1;

    [Description("Weight of a copy in a loss, beside the weight of what it was made from.")]
    [Range(0.0, 1000.0)]
    public double Weight { get; init; } = 1;

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    public IEnumerable<string> Lacking(Func<string, bool> given)
    {
        if (Method == Masked && !given("model"))
            yield return $"'model' is missing, which method {Masked} needs; expected a masked language model";
        if (Method is "eda" or "synonyms" or "insertion" or "neighbours" && !given("lexicons"))
        {
            var kind = Method == "neighbours" ? "neighbours" : "wordnet, or neighbours";
            yield return $"'lexicons' is missing, which method {Method} needs; expected a pack of kind {kind} ('transfer lexicons import KIND PATH' makes one)";
        }
    }
}
