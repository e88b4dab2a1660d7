using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>synthesize</c>.</summary>
public sealed record SynthesisSpec : IInputNeeds
{
    private const string Labels = "k-means-labels";
    private const string Spreading = "label-spreading";
    private const string Recombine = "k-means-recombine";
    private const string MaskFill = "k-means-mask-fill";

    [Description(
        "How examples are made: clusters or a graph of neighbours that hand labels on, texts labelled with their cluster, or new texts of a cluster's parts or with words that a language model fills in."
    )]
    [Required]
    [AllowedValues(Labels, Spreading, "cluster-ids", Recombine, MaskFill)]
    public string Method { get; init; } = "";

    [Description("Clusters: a count, or auto for the one of several that has the greatest silhouette on a sample.")]
    [RegularExpression("auto|[1-9][0-9]{0,5}", ErrorMessage = "a count of 1 or more, or auto")]
    [InKeyWhen(nameof(Method), Labels, "cluster-ids", Recombine, MaskFill)]
    public string Clusters { get; init; } = "20";

    [Description("K-Means over all rows in each iteration, or over batches of them.")]
    [AllowedValues("exact", "mini-batch")]
    [InKeyWhen(nameof(Method), Labels, "cluster-ids", Recombine, MaskFill)]
    public string Algorithm { get; init; } = "exact";

    [Description("Seedings of K-Means, of which the tightest clusters are taken.")]
    [Range(1, 100)]
    [InKeyWhen(nameof(Method), Labels, "cluster-ids", Recombine, MaskFill)]
    public int Restarts { get; init; } = 3;

    [Description("Share of a cluster's labelled members that must agree for it to hand its label on.")]
    [Range(0.0, 1.0)]
    [InKeyWhen(nameof(Method), Labels)]
    public double Purity { get; init; } = 0.8;

    [Description("Labelled members that it must have.")]
    [Range(1, 1_000_000)]
    [InKeyWhen(nameof(Method), Labels)]
    public int Support { get; init; } = 1;

    [Description("Neighbours of each row in the graph, itself among them.")]
    [Range(2, 1000)]
    [InKeyWhen(nameof(Method), Spreading)]
    public int Neighbours { get; init; } = 10;

    [Description("What a row takes over from its neighbours in each round; the rest is its own label.")]
    [Range(0.01, 0.99)]
    [InKeyWhen(nameof(Method), Spreading)]
    public double Alpha { get; init; } = 0.2;

    [Description("Least confidence with which a label is given.")]
    [Range(0.0, 1.0)]
    [InKeyWhen(nameof(Method), Labels, Spreading)]
    public double Confidence { get; init; }

    [Description("Most examples made of each label, the most confident ones; left out, all.")]
    [Range(1, int.MaxValue)]
    [InKeyWhen(nameof(Method), Labels, Spreading)]
    public int? PerClass { get; init; }

    [Description("Examples made of each labelled one.")]
    [Range(1, 1000)]
    [InKeyWhen(nameof(Method), Recombine, MaskFill)]
    public int Copies { get; init; } = 1;

    [Description("Share of a text's tokens that are filled in anew.")]
    [Range(0.01, 0.9)]
    [InKeyWhen(nameof(Method), MaskFill)]
    public double MaskRate { get; init; } = 0.15;

    [Description("What the examples made weigh together: as much as the labelled ones, or what their confidence says.")]
    [AllowedValues("labels", "confidence")]
    [InKeyWhen(nameof(Method), Labels, Spreading, Recombine, MaskFill)]
    public string Weights { get; init; } = "labels";

    [Description("Tokens after which a text is cut before it is embedded.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    [Description("Dimensions to which tf-idf is reduced where no model embeds the texts.")]
    [Range(2, 1000)]
    public int Dimensions { get; init; } = 100;

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    public IEnumerable<string> Lacking(Func<string, bool> given)
    {
        if (Method == MaskFill && !given("model"))
            yield return $"'model' is missing, which {MaskFill} needs; expected a masked language model that fills in words";
    }
}
