using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>assess</c>.</summary>
public sealed record AssessmentSpec
{
    [Description(
        "Precision of the labels given below which the report warns, where there are two labels; with more it lies as far between chance and 1."
    )]
    [Range(0.0, 1.0)]
    public double LeastPrecision { get; init; } = 0.7;
}
