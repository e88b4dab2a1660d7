namespace TransferPipeline.Contracts.Steps;

/// <summary>What an attack takes beside its model and its dataset, by the name of the parameter that gives it.</summary>
public static class AttackNeeds
{
    public const string Encoder = "encoder";
    public const string MaskedModel = "maskedModel";
    public const string LanguageModel = "languageModel";
    public const string Vectors = "vectors";

    /// <summary>What a pack of a kind is called among the needs: <c>lexicons:wordnet</c>.</summary>
    public const string Pack = "lexicons:";

    private const string WordNet = Pack + "wordnet";
    private const string Neighbours = Pack + "neighbours";

    /// <summary>What a recipe cannot be without; nothing for one that is not known.</summary>
    public static IReadOnlyList<string> Of(string recipe) =>
        recipe switch
        {
            "pwws" or "hotflip" => [WordNet],
            "a2t-neighbours" or "iga-neighbours" or "textfooler-neighbours" => [Neighbours],
            "faster-alzantot-neighbours" or "kuleshov-neighbours" => [Neighbours, LanguageModel],
            "textbugger-neighbours" => [Neighbours, Encoder],
            "a2t-gradient-neighbours" => [Neighbours, WordNet, Encoder],
            "a2t-mlm" or "bae" => [WordNet, MaskedModel, Encoder],
            "bert-attack" or "clare" => [MaskedModel, Encoder],
            _ => [],
        };

    /// <summary>What a recipe written as parts cannot be without.</summary>
    public static IReadOnlyList<string> Of(RecipeSpec recipe)
    {
        var (transformation, constraints) = (recipe.Transformation, recipe.Constraints);
        return
        [
            .. new (string Need, bool Is)[]
            {
                (WordNet, transformation.WordNet || constraints.NoOpposites || constraints.WordClass != "any"),
                (Neighbours, transformation.Neighbours is not null),
                (Vectors, transformation.Nearest is not null || constraints.LeastCosine is not null),
                (MaskedModel, transformation.AsksMaskedModel()),
                (Encoder, constraints.LeastSimilarity is not null),
                (LanguageModel, constraints.Surprise is not null || constraints.Perplexity is not null),
            }
                .Where(one => one.Is)
                .Select(one => one.Need),
        ];
    }

    /// <summary>Whether a recipe follows the gradients of its model, so that only a transformer can be attacked with it.</summary>
    public static bool Gradients(string recipe) => recipe is "a2t-gradient-neighbours" or "a2t-mlm" or "hotflip";

    /// <summary>Whether one written as parts does.</summary>
    public static bool Gradients(RecipeSpec recipe) =>
        recipe.Transformation.Gradient is not null || recipe.Search.Importance == "gradient";

    /// <summary>What is said where something is missing that is no pack.</summary>
    public static string Missing(string need, string user) => $"{need}: {user} needs {Described(need)}";

    /// <summary>What a scenario is told to give.</summary>
    public static string Described(string need) =>
        need switch
        {
            Encoder => "a sentence encoder; expected a registered model",
            MaskedModel => "a masked language model; expected a registered model with that head",
            LanguageModel => "a language model; expected a registered causal one",
            Vectors => "vectors of words; expected a registered model, whose word embeddings are taken",
            _ => $"a pack of kind {need[Pack.Length..]}",
        };
}
