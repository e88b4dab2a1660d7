using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

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
