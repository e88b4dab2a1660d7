using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>clean-labels</c>.</summary>
public sealed record CleaningSpec
{
    [Description(
        "tf-idf, or a model whose normalised mean embeddings are the features of the logistic regression that judges."
    )]
    public string Features { get; init; } = "tf-idf";

    [Description(
        "What becomes of rows whose label is doubted: they leave train, they weigh what is held likely of their label, or nothing but the ranked list."
    )]
    [AllowedValues("prune", "weigh", "rank")]
    public string Action { get; init; } = "prune";

    [Description("Parts into which train is cut; the rows of each are judged by what the others teach.")]
    [Range(2, 100)]
    public int Folds { get; init; } = 5;

    [Description("Inverse regularisation strength of the logistic regression.")]
    [Range(1e-9, 1e9)]
    public double C { get; init; } = 1.0;

    [Description("Tokens after which a text is cut before it is embedded.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    [Description("Seed of the parts.")]
    public long Seed { get; init; } = 13;
}
