using TransferPipeline.Datasets;

namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>Keeps the most confident examples of each label.</summary>
internal static class Quotas
{
    /// <param name="perClass">Most of each label; null: all.</param>
    /// <returns>In their order.</returns>
    public static IReadOnlyList<Example> Keep(IReadOnlyList<Example> examples, int? perClass)
    {
        if (perClass is not { } most)
            return examples;
        var kept = Enumerable
            .Range(0, examples.Count)
            .GroupBy(at => examples[at].Label)
            .SelectMany(own => own.OrderByDescending(at => examples[at].Weight).ThenBy(at => at).Take(most))
            .Order();
        return [.. kept.Select(at => examples[at])];
    }
}
