using System.Runtime.InteropServices;

namespace TransferPipeline.Training;

/// <summary>
/// The most memory that this process holds from now on beyond what it holds now, looked at twenty times a second. What it
/// has freed is given back first: libtorch's allocator keeps it, and the next training would seem to need none.
/// </summary>
internal sealed class PeakMemory : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly long _before;
    private readonly Timer _timer;
    private long _most;

    public PeakMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBack();
        _before = _most = Environment.WorkingSet;
        _timer = new Timer(_ => Look(), null, TimeSpan.Zero, Every);
    }

    /// <summary>Resident bytes, whoever in this process holds them.</summary>
    public long Bytes
    {
        get
        {
            Look();
            return Interlocked.Read(ref _most) - _before;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Environment.WorkingSet;
        long known;
        do known = Interlocked.Read(ref _most);
        while (now > known && Interlocked.CompareExchange(ref _most, now, known) != known);
    }

    private static void GiveBack()
    {
        try
        {
            Trim(0);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // Only glibc has it; elsewhere what was freed is gone already.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int Trim(nuint pad);
}
