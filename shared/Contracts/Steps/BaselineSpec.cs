using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>baseline</c>.</summary>
public sealed record BaselineSpec
{
    private const string WithUnlabelled = "train-and-unlabelled";

    /// <summary>When the split <c>unlabelled</c> is read.</summary>
    public static SplitReadWhen ReadsUnlabelled { get; } = new("unlabelled", nameof(Vocabulary), [WithUnlabelled]);

    [Description("The classifier.")]
    [Required]
    [AllowedValues("linear-svm", "random-forest", "logistic", "nearest-neighbours", "majority")]
    public string Algorithm { get; init; } = "";

    [Description("tf-idf, or a model whose normalised mean embeddings are the features.")]
    public string Features { get; init; } = "tf-idf";

    [Description("Texts whose terms tf-idf counts: those of train, or those of the split unlabelled too.")]
    [AllowedValues("train", WithUnlabelled)]
    [InKeyWhen(nameof(Vocabulary), WithUnlabelled)]
    public string Vocabulary { get; init; } = "train";

    [Description("Inverse regularisation strength of linear-svm and logistic.")]
    [Range(1e-9, 1e9)]
    public double C { get; init; } = 1.0;

    [Description("Trees of random-forest.")]
    [Range(1, 100_000)]
    public int Trees { get; init; } = 200;

    [Description("Rows that nearest-neighbours asks.")]
    [Range(1, 10_000)]
    [InKeyWhen(nameof(Algorithm), "nearest-neighbours")]
    public int Neighbours { get; init; } = 10;

    [Description("Documents a term must be in; left out, 2 above 200 train rows and 1 below.")]
    [Range(1, int.MaxValue)]
    public int? MinDocumentFrequency { get; init; }

    [Description("Tokens after which a text is cut before it is embedded.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    [Description("Seed of random-forest; the others draw nothing.")]
    [InKeyWhen(nameof(Algorithm), "random-forest")]
    public long Seed { get; init; } = 13;
}
