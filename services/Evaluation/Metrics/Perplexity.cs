namespace TransferPipeline.Evaluation.Metrics;

/// <summary>e to the mean cross-entropy of a token: among so many equally probable ones the model chooses.</summary>
internal sealed class Perplexity : IMetric<LanguageRows>
{
    public string Name => "perplexity";

    public double Perfect => 1;

    public double Of(LanguageRows rows)
    {
        var (loss, tokens, _) = rows.Total();
        return tokens == 0 ? double.NaN : Math.Exp(loss / tokens);
    }
}
