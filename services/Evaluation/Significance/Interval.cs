namespace TransferPipeline.Evaluation.Significance;

/// <summary>The two ends of a confidence interval.</summary>
internal readonly record struct Interval(double Low, double High);
