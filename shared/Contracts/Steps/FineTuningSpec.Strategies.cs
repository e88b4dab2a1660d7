using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

// What the strategies with pairs of texts and with unlabelled text are told; for the others no part of the key.
/// <summary>What strategies ask for that one training does not.</summary>
public sealed partial record FineTuningSpec
{
    private const string Contrastive = "contrastive";
    private const string SelfTraining = "self-training";
    private const string Ust = "ust";
    private const string Consistency = "consistency";

    /// <summary>When the split <c>unlabelled</c> is read.</summary>
    public static SplitReadWhen ReadsUnlabelled { get; } =
        new("unlabelled", nameof(Strategy), [SelfTraining, Ust, Consistency]);

    [Description(
        "Pairs of texts with one label and with two: as many of the rarer kind as of the other, by repeating them; as few of the other as of the rarer; or each once. For strategy contrastive, as is the next; SetFit trains one epoch with learningRate 2e-5."
    )]
    [InKeyWhen(nameof(Strategy), Contrastive)]
    [AllowedValues("oversampling", "undersampling", "unique")]
    public string Pairs { get; init; } = "oversampling";

    [Description("Pairs of each kind for each text, in place of pairs.")]
    [InKeyWhen(nameof(Strategy), Contrastive)]
    [Range(1, 10_000)]
    public int? PairIterations { get; init; }

    [Description(
        "What labels the unlabelled texts and learns from them: a logistic regression on the frozen features, or the whole model; for strategy self-training."
    )]
    [InKeyWhen(nameof(Strategy), SelfTraining)]
    [AllowedValues("frozen", "tuned")]
    public string Teacher { get; init; } = "frozen";

    [Description(
        "What pseudo-labels count: each as much as a true one, or in all as much as the true labels; for strategy self-training."
    )]
    [InKeyWhen(nameof(Strategy), SelfTraining)]
    [AllowedValues("each", "as-labels")]
    public string PseudoWeight { get; init; } = "each";

    [Description(
        "Probability from which a label is taken for a pseudo-label; left out, 0.75 in self-training and 0.95 in consistency."
    )]
    [InKeyWhen(nameof(Strategy), SelfTraining, Consistency)]
    [Range(0.0, 1.0)]
    public double? Threshold { get; init; }

    [Description(
        "Students in a row, each the next one's teacher; left out, 10 on frozen features and 3 of the whole model."
    )]
    [InKeyWhen(nameof(Strategy), SelfTraining, Ust)]
    [Range(1, 1000)]
    public int? Rounds { get; init; }

    [Description("Whether a student that the dev split finds worse is thrown away, and its teacher kept.")]
    [InKeyWhen(nameof(Strategy), SelfTraining, Ust)]
    public bool Guard { get; init; } = true;

    [Description("Unlabelled texts that are read, drawn by seed; left out, all.")]
    [InKeyWhen(nameof(Strategy), SelfTraining, Ust, Consistency)]
    [Range(1, int.MaxValue)]
    public int? Pool { get; init; }

    [Description("Passes with dropout over each unlabelled text; for strategy ust, as are the next two.")]
    [InKeyWhen(nameof(Strategy), Ust)]
    [Range(2, 1000)]
    public int Passes { get; init; } = 30;

    [Description("Unlabelled texts that a student reads, as many of each label.")]
    [InKeyWhen(nameof(Strategy), Ust)]
    [Range(1, int.MaxValue)]
    public int Drawn { get; init; } = 4096;

    [Description("Which of them are likelier drawn: those of which dropout is sure (easy), or unsure (hard).")]
    [InKeyWhen(nameof(Strategy), Ust)]
    [AllowedValues("easy", "hard")]
    public string Sampling { get; init; } = "easy";

    [Description("Unlabelled texts beside each labelled one in a batch; for strategy consistency, as are the next.")]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [Range(1, 64)]
    public int UnlabelledRatio { get; init; } = 1;

    [Description("Weight of the unlabelled texts' loss.")]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [Range(0.0, 100.0)]
    public double UnlabelledWeight { get; init; } = 1;

    [Description(
        "Sharpens the probabilities of a text before they are the target of its edit: 1 not at all, 0 to one label."
    )]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [Range(0.0, 1.0)]
    public double Temperature { get; init; } = 0.5;

    [Description(
        "Whether the probabilities are first divided by their mean over the batch and multiplied by the labels' shares in train."
    )]
    [InKeyWhen(nameof(Strategy), Consistency)]
    public bool AlignDistribution { get; init; }

    [Description("Share of neighbouring words that change places in the text whose probabilities are the target.")]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [Range(0.0, 1.0)]
    public double WeakRate { get; init; }

    [Description(
        "How the text that learns is edited: words are deleted, neighbours change places, or a span of words is cut off."
    )]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [AllowedValues("delete", "swap", "cut-off")]
    public string StrongEdit { get; init; } = "delete";

    [Description("Share of its words that the edit touches.")]
    [InKeyWhen(nameof(Strategy), Consistency)]
    [Range(0.0, 1.0)]
    public double StrongRate { get; init; } = 0.3;

    private IEnumerable<ValidationResult> ValidateRounds()
    {
        var rounds = Strategy is SelfTraining or Ust;
        if (rounds && Guard && SelectOn == "none")
            yield return new(
                "'guard' compares students on the dev split, and 'selectOn' is none; expected dev, or 'guard: false'",
                [nameof(Guard)]
            );
        if ((rounds || Strategy is Contrastive) && Keep == "all")
            yield return new(
                $"'keep' is all, and strategy {Strategy} is more than one training; expected best or none",
                [nameof(Keep)]
            );
        if (Strategy is Ust && Dropout == 0 && (AttentionDropout ?? 0) == 0 && (ClassifierDropout ?? 0) == 0)
            yield return new(
                "'dropout' is 0, and strategy ust measures what dropout changes; expected a rate above 0",
                [nameof(Dropout)]
            );
    }
}
