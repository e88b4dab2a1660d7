using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>evaluate</c>.</summary>
public sealed record EvaluationSpec
{
    [Description("The split to score on; train shows how far a model knows its own examples, and is no test.")]
    [AllowedValues("train", "dev", "test")]
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

    [Description("Whether a text of which a model does not read all is refused, not counted; left out, it is counted.")]
    public bool? Strict { get; init; }

    [Description("Bootstrap resamples behind each interval.")]
    [Range(100, 100_000)]
    public int Resamples { get; init; } = 1000;

    [Description("Seed of the resamples.")]
    public long Seed { get; init; } = 13;
}
