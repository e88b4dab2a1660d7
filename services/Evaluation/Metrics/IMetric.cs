namespace TransferPipeline.Evaluation.Metrics;

/// <summary>One figure computed from a model's predictions and the true labels.</summary>
internal interface IMetric<in TRows>
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>What predictions without any error and without any doubt score.</summary>
    double Perfect { get; }

    /// <summary>The figure; NaN where these rows define none.</summary>
    double Of(TRows rows);
}
