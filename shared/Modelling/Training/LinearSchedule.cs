namespace TransferPipeline.Modelling.Training;

/// <summary>
/// A learning rate that rises from 0 over the warm-up and falls linearly to 0 at the end: Hugging Face's
/// <c>get_linear_schedule_with_warmup</c>, in which the first update has rate 0 where there is a warm-up.
/// </summary>
public sealed record LinearSchedule(double Peak, long WarmUp, long Updates)
{
    /// <summary>Warm-up as a share of the updates, rounded up as Hugging Face's trainer does.</summary>
    public static LinearSchedule OfShare(double peak, double warmUp, long updates) =>
        new(peak, (long)Math.Ceiling(updates * warmUp), updates);

    /// <summary>The rate of one update, counted from 0.</summary>
    public double RateAt(long update) =>
        update < WarmUp
            ? Peak * (update / (double)Math.Max(1, WarmUp))
            : Peak * Math.Max(0.0, (Updates - update) / (double)Math.Max(1, Updates - WarmUp));
}
