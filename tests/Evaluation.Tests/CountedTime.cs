namespace TransferPipeline.Evaluation.Tests;

/// <summary>Two seconds pass between any two looks at it.</summary>
internal sealed class CountedTime : TimeProvider
{
    private long _looks;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => 2 * _looks++;
}
