using TransferPipeline.Contracts.Steps;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>The <c>device</c> of a step.</summary>
internal static class StepDevice
{
    /// <summary>The kinds of device; the first has no need to be asked for.</summary>
    public static IReadOnlyList<string> Known { get; } = ["cpu", "cuda"];

    /// <summary>What the step asks for; null where it does not, or what it asks for cannot be, which is told.</summary>
    public static string? Read(Mapping step, StepKind? kind, string path, Problems problems)
    {
        if (step.Find("device")?.Value is not { } node)
            return null;
        if (node is not Scalar { Text: { } device } || !Known.Contains(device))
            problems.Add(node.Place, $"{path}.device", $"expected {string.Join(" or ", Known)}");
        else if (kind is { OnDevice: false })
            problems.Add(node.Place, $"{path}.device", $"a step of kind {kind.Uses} uses no device");
        else
            return device;
        return null;
    }
}
