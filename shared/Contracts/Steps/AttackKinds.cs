namespace TransferPipeline.Contracts.Steps;

/// <summary>The kind of step that Attacks owns.</summary>
internal static class AttackKinds
{
    /// <summary>An attack on a model: its log, and a dataset of the texts that fooled it.</summary>
    public static StepKind Attack { get; } =
        new(
            "attack",
            StepGives.Dataset,
            typeof(AttackSpec),
            [
                new("model", InputKind.Model, Description: "The model to attack."),
                new("dataset", InputKind.Dataset, Description: "Whose examples are changed."),
                new(
                    "lexicons",
                    InputKind.Lexicon,
                    Required: false,
                    Many: true,
                    Description: "Packs of words; what a recipe needs beside them is built in, or asked for."
                ),
                Model(AttackNeeds.Encoder, "An encoder by which a recipe tells whether texts say the same."),
                Model(AttackNeeds.MaskedModel, "A masked language model that foretells words for a recipe."),
                Model(AttackNeeds.LanguageModel, "A causal language model to which a recipe's words may not be odd."),
                Model(AttackNeeds.Vectors, "A model whose word embeddings a recipe takes."),
                new("pieces", InputKind.Attack, Required: false, Many: true, SetByUnrolling: true),
            ],
            Version: 1,
            (run, step) => new AttackModel(run, step),
            (run, step) => new ModelAttacked(run, step),
            (run, step) => new AttackFailed(run, step)
        );

    private static StepInputKind Model(string name, string description) =>
        new(name, InputKind.Model, Required: false, Description: description);
}
