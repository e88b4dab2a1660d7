using System.ComponentModel;

namespace TransferPipeline.Contracts.Steps;

/// <summary>Parameters of the report step that every run ends with.</summary>
public sealed record ReportSpec
{
    [Description("The first of these steps is compared with each of the others.")]
    public IReadOnlyList<string> Compare { get; init; } = [];

    [Description("The learning curve to draw.")]
    public CurveSpec? Curve { get; init; }
}
