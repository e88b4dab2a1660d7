using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Serialization;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>attack</c>.</summary>
public sealed record AttackSpec
{
    [Description("How texts are changed, and until when.")]
    [Required]
    [AllowedValues(
        "a2t-gradient-neighbours",
        "a2t-mlm",
        "a2t-neighbours",
        "bad-characters",
        "bae",
        "bert-attack",
        "checklist-lists",
        "clare",
        "deepwordbug",
        "faster-alzantot-neighbours",
        "hotflip",
        "iga-neighbours",
        "input-reduction",
        "kuleshov-neighbours",
        "pruthi",
        "pwws",
        "textbugger-neighbours",
        "textfooler-neighbours"
    )]
    public string Recipe { get; init; } = "";

    [Description("A recipe of one's own, written as its parts.")]
    [BlockOf(nameof(Recipe))]
    public RecipeSpec? Parts { get; init; }

    [Description(
        "The split whose examples are attacked. Attacked train examples are added to train; those of another split become that split alone."
    )]
    [AllowedValues("train", "dev", "test")]
    public string Split { get; init; } = "test";

    [Description("How many labelled examples are attacked, evenly spread over the split; left out, all.")]
    [Range(1, int.MaxValue)]
    public int? Examples { get; init; }

    [Description("The most queries of one example, counted as TextAttack counts them; left out, no limit.")]
    [Range(1, int.MaxValue)]
    public int? Budget { get; init; }

    [Description(
        "The most seconds of the step; examples that are not through by then are reported as unfinished. Left out, no limit."
    )]
    [Range(1, int.MaxValue)]
    public int? Seconds { get; init; }

    [Description(
        "Whether a text that is longer than the model reads is refused; else changes of what is cut off go unread."
    )]
    public bool? Strict { get; init; }

    [Description(
        "Noise instead of a search: the share of a text's words of which each becomes one of its candidates at random; the model is asked once. What the recipe forbids stays forbidden."
    )]
    [Range(0.001, 1.0)]
    public double? Noise { get; init; }

    [Description(
        "Parts of the examples that several workers attack at the same time; the log is the same whatever their number. A limit of seconds is that of each part."
    )]
    [Range(2, 64)]
    public int? Shards { get; init; }

    /// <summary>Which of the parts, from 0; null for all of them together.</summary>
    [SetByUnrolling]
    public int? Shard { get; init; }

    [Description("Seed of the letters and places that a recipe draws.")]
    public long Seed { get; init; } = 13;

    /// <summary>The recipe's name, of one written as parts its own.</summary>
    public string RecipeName() => Parts?.Name ?? Recipe;

    /// <summary>What was done to the texts, as reports call it.</summary>
    [JsonIgnore]
    public string Called =>
        Noise is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{RecipeName()} as noise in {rate * 100:0.#} % of words")
            : RecipeName();
}
