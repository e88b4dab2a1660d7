using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>pretrain</c>.</summary>
public sealed record PretrainingSpec : IValidatableObject
{
    [Description(
        "What is learnt: masked tokens; these and whether one text follows another (BERT); each next token (GPT-2)."
    )]
    [AllowedValues("masked", "masked-and-next", "causal")]
    public string Objective { get; init; } = "masked";

    [Description("Optimiser updates.")]
    [Range(1, int.MaxValue)]
    public int Updates { get; init; } = 1000;

    [Description("Texts per update.")]
    [Range(1, 4096)]
    public int Batch { get; init; } = 32;

    [Description("Highest learning rate; it falls linearly to 0.")]
    [Range(0.0, 1.0)]
    public double LearningRate { get; init; } = 5e-4;

    [Description("Share of the updates in which the learning rate rises from 0.")]
    [Range(0.0, 1.0)]
    public double WarmUp { get; init; } = 0.1;

    [Description("Decoupled weight decay; biases and layer norms are left out.")]
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; } = 0.01;

    [Description("Tokens after which a text is cut.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

    [Description("Share of the tokens to predict; of these 80 % become [MASK], 10 % a random token, 10 % stay.")]
    [Range(0.0, 1.0)]
    public double MaskRate { get; init; } = 0.15;

    [Description("Whether the tokens of a word are hidden together.")]
    public bool WholeWords { get; init; }

    [Description(
        "Learn a vocabulary of so many tokens from the same texts; 0 keeps the tokenizer. The word embeddings of a 'model' are resized: tokens that it knows keep theirs, others take the mean of their pieces'."
    )]
    [Range(0, 1_000_000)]
    public int Vocabulary { get; init; }

    [Description(
        "Share of the texts that is kept out of training, at most 1,024 of them, for perplexity and accuracy."
    )]
    [Range(0.0, 0.5)]
    public double HeldOut { get; init; } = 0.05;

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    [Description("Updates between two checkpoints to resume from; changes no result.")]
    [NotInKey]
    [Range(1, int.MaxValue)]
    public int CheckpointEvery { get; init; } = 100;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Vocabulary is > 0 and < 300)
            yield return new(
                $"'vocabulary' is {Vocabulary}; expected 0, or at least 300 so that letters and special tokens fit",
                [nameof(Vocabulary)]
            );
        if (Objective == "causal" && WholeWords)
            yield return new(
                "'wholeWords' is for an objective that hides tokens; 'causal' hides none",
                [nameof(WholeWords)]
            );
    }
}
