namespace TransferPipeline.Orchestration;

/// <summary>How runs are kept going.</summary>
public sealed class OrchestrationOptions
{
    /// <summary>Mean time between two scans of the runs under way for what was lost.</summary>
    public TimeSpan ScanEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Mean time between two scans for events that start scenarios and that no message told of.</summary>
    public TimeSpan TriggerEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a waiting caller looks whether its run has ended.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMilliseconds(100);
}
