namespace TransferPipeline.Modelling.Training;

/// <summary>Draws without replacement in which a heavier row comes sooner.</summary>
public static class WeightedDraw
{
    /// <summary>
    /// So many of the rows, in their order; each next one is drawn with a probability that its weight gives it among those
    /// left (Efraimidis and Spirakis 2006). Rows of weight 0 come last.
    /// </summary>
    public static IReadOnlyList<int> Rows(IReadOnlyList<double> weights, int count, CounterRandom random)
    {
        var keys = weights
            .Select(weight =>
            {
                var exponential = -Math.Log(1 - random.NextDouble());
                return weight > 0 ? exponential / weight : double.PositiveInfinity;
            })
            .ToArray();
        return [.. Enumerable.Range(0, keys.Length).OrderBy(row => keys[row]).Take(count).Order()];
    }
}
