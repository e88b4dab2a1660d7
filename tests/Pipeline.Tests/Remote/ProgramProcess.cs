using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TransferPipeline.Pipeline.Tests.Remote;

/// <summary>A service or the gateway as a process of its own, on a free port.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    /// <param name="settings">Configuration, <c>Section:Key=value</c>.</param>
    public ProgramProcess(string project, IEnumerable<string> settings)
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"TransferPipeline.{project}.dll"));
        start.ArgumentList.Add("--urls=" + Address);
        foreach (var setting in settings)
            start.ArgumentList.Add("--" + setting);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Address { get; }
    public bool HasExited => _process.HasExited;

    /// <summary>The most memory it has held, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
