using System.Diagnostics;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests.Faults;

/// <summary>A file system in memory that can be filled to the last byte; skips the test where none may be mounted.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Bytes = 64 << 20;

    private readonly TemporaryFolder _folder = new();

    public SmallDisk()
    {
        var mounted = Run("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", _folder.Path);
        if (!mounted)
            _folder.Dispose();
        Assert.SkipUnless(mounted, "A file system in memory cannot be mounted here; root can.");
    }

    public string Path => _folder.Path;

    private string Ballast => _folder["ballast"];

    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var page = new byte[4096]; ; )
                ballast.Write(page);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        Run("umount", "--lazy", _folder.Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
