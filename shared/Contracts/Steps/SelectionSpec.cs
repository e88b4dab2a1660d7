using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of <c>select</c>.</summary>
public sealed record SelectionSpec
{
    [Description(
        "Matrix keys along which the candidates are gathered: the step chooses among their values instead of running once for each."
    )]
    [NotInKey]
    public IReadOnlyList<string> Over { get; init; } = [];

    [Description("What chooses; of equals the earlier candidate is taken.")]
    [MetricName]
    public string Metric { get; init; } = "accuracy";

    [Description("The split whose labels choose.")]
    [AllowedValues("dev")]
    public string Split { get; init; } = "dev";
}
