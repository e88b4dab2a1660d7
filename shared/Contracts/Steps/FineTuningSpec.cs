using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>fine-tune</c>.</summary>
public sealed partial record FineTuningSpec : IValidatableObject, IInputNeeds
{
    private const string Prompt = "prompt";
    private const string Frozen = "frozen";

    [Description(
        "How the model is fitted: all of it, a classifier on its frozen features, all of it by the word that it puts into a prompt, its encoder by pairs of texts before a classifier (SetFit), or all of it with unlabelled text: on pseudo-labels, on those of which dropout is sure (UST), or so that edits of a text change nothing (FixMatch)."
    )]
    [AllowedValues("none", Frozen, Prompt, Contrastive, SelfTraining, Ust, Consistency)]
    public string Strategy { get; init; } = "none";

    [Description(
        "The prompt: {text}, or {first} and {second} of a pair, and {mask} where the label's word stands; for strategy prompt, as are the next three."
    )]
    [InKeyWhen(nameof(Strategy), Prompt)]
    public string? Template { get; init; }

    [Description(
        "The prompt of a model that foretells next words: nothing but words may follow {mask}, and these are not read; left out, template."
    )]
    [InKeyWhen(nameof(Strategy), Prompt)]
    public string? CausalTemplate { get; init; }

    [Description("The word for each label, one token of the model's vocabulary.")]
    [InKeyWhen(nameof(Strategy), Prompt)]
    public IReadOnlyDictionary<string, string>? LabelWords { get; init; }

    [Description(
        "Sets of demonstrations, a train example of each label, that stand beside a text one at a time when it is scored, the logits averaged; training draws one set for each text and update. 0 for none."
    )]
    [InKeyWhen(nameof(Strategy), Prompt)]
    [Range(0, 1000)]
    public int Demonstrations { get; init; }

    [Description(
        "Inverse regularisation strength of the logistic regression that strategies frozen, contrastive and self-training fit to features; left out, 1, and 10 in self-training."
    )]
    [InKeyWhen(nameof(Strategy), Frozen, Contrastive, SelfTraining)]
    [Range(1e-9, 1e9)]
    public double? C { get; init; }

    [Description("Start from the checkpoint's weights, or draw all of them anew (same architecture and tokenizer).")]
    [AllowedValues("pretrained", "random")]
    public string Weights { get; init; } = "pretrained";

    [Description("Optimiser updates; with epochs too, the larger of both counts is made.")]
    [Range(1, int.MaxValue)]
    public int? Updates { get; init; }

    [Description("Passes over the train split.")]
    [Range(1, int.MaxValue)]
    public int? Epochs { get; init; }

    [Description("Examples per update.")]
    [Range(1, 4096)]
    public int Batch { get; init; } = 16;

    [Description("Highest learning rate; it falls linearly to 0.")]
    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 5e-5;

    [Description("Share of the updates in which the learning rate rises from 0.")]
    [Range(0.0, 1.0)]
    public double WarmUp { get; init; } = 0.1;

    [Description("Decoupled weight decay; biases and layer norms are left out.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.01;

    [Description("Weight of the squared norm of all weights in the loss.")]
    [Range(0.0, 1.0)]
    public double L2 { get; init; }

    [Description("Largest gradient norm; 0 for none.")]
    [Range(0.0, double.MaxValue)]
    public double ClipNorm { get; init; } = 1.0;

    [Description("Dropout of every layer but those of the next two; left out, the model's own configuration.")]
    [Range(0.0, 0.99)]
    public double? Dropout { get; init; }

    [Description("Dropout of the attention's weights; left out, dropout, or the model's own configuration.")]
    [Range(0.0, 0.99)]
    public double? AttentionDropout { get; init; }

    [Description("Dropout before the output layer; left out, dropout, or the model's own configuration.")]
    [Range(0.0, 0.99)]
    public double? ClassifierDropout { get; init; }

    [Description(
        "Probability with which an input of the blocks' linear layers meets the weights that training began with, in each update (mixout); left out, none."
    )]
    [Range(0.0, 0.99)]
    public double? Mixout { get; init; }

    [Description(
        "Decay of the exponential average of the weights over the updates, which is scored and kept in their place; left out, the weights are."
    )]
    [Range(0.0, 0.99999)]
    public double? AveragedWeights { get; init; }

    [Description("Tokens after which a text is cut.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    [Description("Whether a text of which not all is read is refused, not counted; left out, it is counted.")]
    public bool? Strict { get; init; }

    [Description("Share of a label's target that is spread over all labels; for labels only, as are the next three.")]
    [Range(0.0, 0.99)]
    public double LabelSmoothing { get; init; }

    [Description(
        "By this power of what a label still lacks in probability an example counts (focal loss); 0 for none."
    )]
    [Range(0.0, 10.0)]
    public double Focal { get; init; }

    [Description("What examples of a label count: all the same, or balanced, so that every label counts as much.")]
    [AllowedValues("none", "balanced")]
    public string ClassWeights { get; init; } = "none";

    [Description("Weight of the divergence between two passes with different dropout (R-Drop); 0 for one pass.")]
    [Range(0.0, 100.0)]
    public double RDrop { get; init; }

    [Description("Factor of the learning rate from each block to the one below.")]
    [Range(0.01, 1.0)]
    public double LayerDecay { get; init; } = 1;

    [Description("Blocks from the bottom, embeddings with them, that stay as they are.")]
    [Range(0, 1000)]
    public int FrozenBlocks { get; init; }

    [Description("Blocks nearest to the head that are drawn anew.")]
    [Range(0, 1000)]
    public int NewTopBlocks { get; init; }

    [Description("Parts into which a batch is divided to save memory; their gradients are added before each update.")]
    [Range(1, 4096)]
    public int Accumulate { get; init; } = 1;

    [Description("Tokens that two windows of a long context share, in question answering.")]
    [Range(0, 4096)]
    public int Stride { get; init; } = 128;

    [Description("What the classifier reads: the pooled first token, or the mean of all.")]
    [AllowedValues("pooler", "mean")]
    public string Pooling { get; init; } = "pooler";

    [Description("Group batches of similar length inside windows of this many batches; 1 for none.")]
    [Range(1, 1024)]
    public int LengthWindow { get; init; } = 16;

    [Description("The split that early stopping reads: dev, or none.")]
    [AllowedValues("dev", "none")]
    public string SelectOn { get; init; } = "dev";

    [Description(
        "What early stopping compares; regression and question answering know only loss, entityF1 only tags, f1 only two labels (that of the second)."
    )]
    [AllowedValues("accuracy", "f1", "macroF1", "matthews", "entityF1", "loss")]
    public string SelectBy { get; init; } = "accuracy";

    [Description("Updates between two scores on the selection split.")]
    [Range(1, int.MaxValue)]
    public int EvaluateEvery { get; init; } = 50;

    [Description("Scores without a better one after which training stops; 0 for never.")]
    [Range(0, int.MaxValue)]
    public int Patience { get; init; }

    [Description(
        "By how much a score must exceed the best before it for patience to begin anew; the best is kept all the same. Left out, 0."
    )]
    [Range(0, double.MaxValue)]
    public double? PatienceThreshold { get; init; }

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    [Description("Seed of new weights; left out, seed.")]
    public long? InitialisationSeed { get; init; }

    [Description("Seed of the order of the examples; left out, seed.")]
    public long? OrderSeed { get; init; }

    [Description("What the step leaves: all its checkpoints, the best model, or only its scores.")]
    [AllowedValues("all", "best", "none")]
    public string Keep { get; init; } = "best";

    [Description("Updates between two checkpoints to resume from; changes no result.")]
    [NotInKey]
    [Range(1, int.MaxValue)]
    public int CheckpointEvery { get; init; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        [.. ValidatePrompt(), .. ValidateLosses(), .. ValidateRounds(), .. ValidateAdversarial(), .. ValidateMixup()];

    private IEnumerable<ValidationResult> ValidatePrompt()
    {
        if (Strategy != Prompt)
            yield break;
        if (Template is null)
            yield return new(
                "'template' is missing, which strategy prompt needs; expected for example \"{text} It was {mask}.\"",
                [nameof(Template)]
            );
        if (LabelWords is not { Count: > 0 })
            yield return new(
                "'labelWords' is missing, which strategy prompt needs; expected a word for each label",
                [nameof(LabelWords)]
            );
        foreach (var (name, text) in new[] { (nameof(Template), Template), (nameof(CausalTemplate), CausalTemplate) })
        {
            if (text is null)
                continue;
            PromptTemplate.Parse(text, out var problems);
            foreach (var problem in problems)
                yield return new($"'{char.ToLowerInvariant(name[0])}{name[1..]}' {problem}", [name]);
        }
    }
}
