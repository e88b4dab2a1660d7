using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>A learning curve: a matrix key and a metric.</summary>
public sealed record CurveSpec
{
    [Description("The matrix key along the curve.")]
    [Required]
    public string X { get; init; } = "";

    [Description("The metric that it shows.")]
    [Required]
    [MetricName]
    public string Y { get; init; } = "";
}
