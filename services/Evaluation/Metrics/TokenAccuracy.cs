namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Share of foretold tokens that the model thought the most probable.</summary>
internal sealed class TokenAccuracy : IMetric<LanguageRows>
{
    public string Name => "tokenAccuracy";

    public double Perfect => 1;

    public double Of(LanguageRows rows)
    {
        var (_, tokens, right) = rows.Total();
        return tokens == 0 ? double.NaN : (double)right / tokens;
    }
}
