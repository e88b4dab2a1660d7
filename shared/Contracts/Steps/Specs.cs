using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>sample</c>.</summary>
public sealed record SamplingSpec : IValidatableObject
{
    [Description("Labelled train examples to keep of each class: a count, or full.")]
    [RegularExpression("full|[1-9][0-9]{0,8}", ErrorMessage = "a count of 1 or more, or full")]
    public string? PerClass { get; init; }

    [Description("Share of the train examples to keep, stratified by label.")]
    [Range(0.0, 1.0)]
    public double? Fraction { get; init; }

    [Description("Selection data: as large as the train sample, all of it, or none.")]
    [AllowedValues("same", "full", "none")]
    public string Dev { get; init; } = "same";

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        if (PerClass is null == Fraction is null)
            yield return new ValidationResult(
                PerClass is null
                    ? "'perClass' or 'fraction' is missing; expected one of them"
                    : "'perClass' and 'fraction' are both given; expected one of them",
                [nameof(Fraction)]
            );
    }
}

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
        "Learn a vocabulary of so many tokens from the same texts, with 'config' only; 0 keeps its tokenizer."
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

/// <summary>Parameters of <c>distil</c>.</summary>
public sealed record DistillationSpec
{
    [Description("What is taught: a masked language model, or a classifier with the dataset's labels.")]
    [AllowedValues("masked", "classification")]
    public string Objective { get; init; } = "masked";

    [Description("Blocks of a student made of its teacher's; left out, half of them.")]
    [Range(1, 1000)]
    public int? Blocks { get; init; }

    [Description("Divides all logits, so that probabilities are softer.")]
    [Range(0.1, 100.0)]
    public double Temperature { get; init; } = 2;

    [Description("Weight of the teacher's probabilities in the loss.")]
    [Range(0.0, 1000.0)]
    public double SoftWeight { get; init; } = 5;

    [Description("Weight of the masked tokens, or of the true labels.")]
    [Range(0.0, 1000.0)]
    public double HardWeight { get; init; } = 2;

    [Description("Weight of the angle between the last hidden states of both, for 'masked'; needs equal widths.")]
    [Range(0.0, 1000.0)]
    public double CosineWeight { get; init; } = 1;

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

    [Description("Share of the tokens to mask, for 'masked'.")]
    [Range(0.0, 1.0)]
    public double MaskRate { get; init; } = 0.15;

    [Description("Share of the texts that is kept out of training for perplexity and accuracy, for 'masked'.")]
    [Range(0.0, 0.5)]
    public double HeldOut { get; init; } = 0.05;

    [Description("Seed of everything that this step draws.")]
    public long Seed { get; init; } = 13;

    [Description("Updates between two checkpoints to resume from; changes no result.")]
    [NotInKey]
    [Range(1, int.MaxValue)]
    public int CheckpointEvery { get; init; } = 100;
}

/// <summary>Parameters of <c>fine-tune</c>.</summary>
public sealed record FineTuningSpec
{
    [Description("How the model is fitted: all of it, or a classifier on its frozen features.")]
    [AllowedValues("none", "frozen")]
    public string Strategy { get; init; } = "none";

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

    [Description("Dropout of every layer; left out, the model's own configuration.")]
    [Range(0.0, 0.99)]
    public double? Dropout { get; init; }

    [Description("Tokens after which a text is cut.")]
    [Range(4, 8192)]
    public int MaxTokens { get; init; } = 128;

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

    [Description("What early stopping compares; regression and question answering know only loss, entityF1 only tags.")]
    [AllowedValues("accuracy", "macroF1", "matthews", "entityF1", "loss")]
    public string SelectBy { get; init; } = "accuracy";

    [Description("Updates between two scores on the selection split.")]
    [Range(1, int.MaxValue)]
    public int EvaluateEvery { get; init; } = 50;

    [Description("Scores without a better one after which training stops; 0 for never.")]
    [Range(0, int.MaxValue)]
    public int Patience { get; init; }

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
}

/// <summary>Parameters of <c>baseline</c>.</summary>
public sealed record BaselineSpec
{
    [Description("The classifier.")]
    [Required]
    [AllowedValues("linear-svm", "random-forest", "logistic", "majority")]
    public string Algorithm { get; init; } = "";

    [Description("tf-idf, or a model whose normalised mean embeddings are the features.")]
    public string Features { get; init; } = "tf-idf";

    [Description("Inverse regularisation strength of linear-svm and logistic.")]
    [Range(1e-9, 1e9)]
    public double C { get; init; } = 1.0;

    [Description("Trees of random-forest.")]
    [Range(1, 100_000)]
    public int Trees { get; init; } = 200;

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

/// <summary>Parameters of <c>evaluate</c>.</summary>
public sealed record EvaluationSpec
{
    [Description("The split to score on.")]
    [AllowedValues("dev", "test")]
    public string Split { get; init; } = "test";

    [Description("Starts and ends that are combined in each window of a context, in question answering.")]
    [Range(1, 1000)]
    public int Candidates { get; init; } = 20;

    [Description("Tokens of the longest answer.")]
    [Range(1, 512)]
    public int LongestAnswer { get; init; } = 30;

    [Description(
        "No answer is said where its score exceeds the best answer's by more; read only where a dataset has questions without one."
    )]
    [Range(-1000.0, 1000.0)]
    public double NullThreshold { get; init; }

    [Description("Bootstrap resamples behind each interval.")]
    [Range(100, 100_000)]
    public int Resamples { get; init; } = 1000;

    [Description("Seed of the resamples.")]
    public long Seed { get; init; } = 13;
}

/// <summary>Parameters of the report step that every run ends with.</summary>
public sealed record ReportSpec
{
    [Description("The first of these steps is compared with each of the others.")]
    public IReadOnlyList<string> Compare { get; init; } = [];

    [Description("The learning curve to draw.")]
    public CurveSpec? Curve { get; init; }
}

/// <summary>A learning curve: a matrix key and a metric.</summary>
public sealed record CurveSpec
{
    [Description("The matrix key along the curve.")]
    [Required]
    public string X { get; init; } = "";

    [Description("The metric that it shows.")]
    [Required]
    [AllowedValues(
        "accuracy",
        "balancedAccuracy",
        "macroF1",
        "matthews",
        "pearson",
        "spearman",
        "exactMatch",
        "f1",
        "entityF1",
        "averagePrecision",
        "ece",
        "brier",
        "logLoss",
        "perplexity"
    )]
    public string Y { get; init; } = "";
}
