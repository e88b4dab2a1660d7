using System.Diagnostics;
using System.Text;

namespace TransferPipeline.Distributed.Tests;

/// <summary>One service as a process of its own.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    /// <param name="service">The project's name.</param>
    /// <param name="settings">Configuration, <c>Section:Key=value</c>.</param>
    public ServiceProcess(string service, IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"TransferPipeline.{service}.dll"));
        start.ArgumentList.Add("--urls=http://127.0.0.1:0");
        foreach (var setting in settings)
            start.ArgumentList.Add("--" + setting);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Name = service;
    }

    public string Name { get; }

    /// <summary>As workers are named in documents: machine, process id, start.</summary>
    public bool IsWorker(string? worker) =>
        worker?.StartsWith($"{Environment.MachineName}/{_process.Id}-", StringComparison.Ordinal) == true;

    public bool HasExited => _process.HasExited;

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>kill -9.</summary>
    public void KillHard() => _process.Kill();

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
}
