using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Contracts.Steps;

/// <summary>The parameter takes the name of a metric.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MetricNameAttribute()
    : AllowedValuesAttribute(
        "accuracy",
        "balancedAccuracy",
        "macroF1",
        "matthews",
        "pearson",
        "spearman",
        "exactMatch",
        "f1",
        "entityF1",
        "averagePrecision",
        "ece",
        "brier",
        "logLoss",
        "perplexity"
    );
