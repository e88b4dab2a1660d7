namespace TransferPipeline.Evaluation.Metrics;

/// <summary>Metrics that are a share of rows, tokens or words: from 0 to 1, and shown in percent.</summary>
internal static class ShareMetrics
{
    private static readonly HashSet<string> Names =
    [
        "accuracy",
        "balancedAccuracy",
        "macroF1",
        "microF1",
        "weightedF1",
        "entityF1",
        "entityF1Strict",
        "entityPrecision",
        "entityRecall",
        "tagAccuracy",
        "f1",
        "exactMatch",
        "tokenAccuracy",
        "accuracyUnderAttack",
        "accuracyUnderNoise",
        "attackSuccessRate",
        "wordsChanged",
    ];

    public static bool Contains(string metric) => Names.Contains(metric);
}
