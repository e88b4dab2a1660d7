namespace TransferPipeline.Training;

/// <summary>The most memory that this process holds from now on, looked at twenty times a second.</summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly Timer _timer;
    private long _bytes;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Every);

    /// <summary>Resident bytes, whatever they are held for.</summary>
    public long Bytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _bytes);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Environment.WorkingSet;
        long known;
        do known = Interlocked.Read(ref _bytes);
        while (now > known && Interlocked.CompareExchange(ref _bytes, now, known) != known);
    }
}
