using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>The recipes by name; each is a sentence whose numbers come from the paper named, or from TextAttack 0.3.11.</summary>
internal static class AttackRecipes
{
    private static readonly Dictionary<string, Func<RecipeResources, AttackRecipe>> Makers = new()
    {
        ["a2t-gradient-neighbours"] = WhiteBoxRecipes.A2tGradientNeighbours,
        ["a2t-mlm"] = WhiteBoxRecipes.A2tMlm,
        ["a2t-neighbours"] = SynonymRecipes.A2tNeighbours,
        ["bad-characters"] = CharacterRecipes.BadCharacters,
        ["bae"] = MaskedModelRecipes.Bae,
        ["bert-attack"] = MaskedModelRecipes.BertAttack,
        ["checklist-lists"] = CharacterRecipes.CheckListLists,
        ["clare"] = MaskedModelRecipes.Clare,
        ["deepwordbug"] = CharacterRecipes.DeepWordBug,
        ["faster-alzantot-neighbours"] = SynonymRecipes.FasterAlzantotNeighbours,
        ["hotflip"] = WhiteBoxRecipes.HotFlip,
        ["iga-neighbours"] = SynonymRecipes.IgaNeighbours,
        ["input-reduction"] = CharacterRecipes.InputReduction,
        ["kuleshov-neighbours"] = SynonymRecipes.KuleshovNeighbours,
        ["pruthi"] = CharacterRecipes.Pruthi,
        ["pwws"] = SynonymRecipes.Pwws,
        ["textbugger-neighbours"] = SynonymRecipes.TextBuggerNeighbours,
        ["textfooler-neighbours"] = SynonymRecipes.TextFoolerNeighbours,
    };

    public static IReadOnlyList<string> Names { get; } = [.. Makers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A recipe that needs nothing but packs.</summary>
    /// <exception cref="BadInputException">There is no such recipe, or it needs something that is not given.</exception>
    public static AttackRecipe Find(string name, LexiconSet lexicons) => Find(name, new RecipeResources(lexicons));

    /// <exception cref="BadInputException">There is no such recipe, or it needs something that is not given.</exception>
    public static AttackRecipe Find(string name, RecipeResources given) =>
        Makers.TryGetValue(name, out var make) ? make(given) : throw new BadInputException(Unknown(name));

    private static string Unknown(string name)
    {
        var near = Names.MinBy(known => EditDistance.Of(known, name))!;
        var hint = EditDistance.Of(near, name) <= Math.Max(2, near.Length / 3) ? $", did you mean '{near}'?" : "";
        return $"recipe: '{name}' is not known{hint}; expected one of {string.Join(", ", Names)}";
    }
}
