using TransferPipeline.Modelling.Checkpoints;

namespace TransferPipeline.Modelling.Heads;

/// <summary>Names of what a head tells apart, in output order.</summary>
internal static class LabelNames
{
    /// <summary>Those of the configuration; generic ones where it has none.</summary>
    public static IReadOnlyList<string> Read(ConfigFile config) =>
        config.Labels() ?? Generic(config.Int("num_labels", 1, 2));

    /// <summary>Whether a classifier of the one serves for the other; generic names pass for any of the same number.</summary>
    public static bool Fit(IReadOnlyList<string> stored, IReadOnlyList<string> asked) =>
        stored.SequenceEqual(asked) || stored.SequenceEqual(Generic(asked.Count));

    private static string[] Generic(int count) => [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
}
