using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace TransferPipeline.Distributed.Tests;

/// <summary>One service as a process of its own.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private const int Killed = 128 + 9;
    private const int Terminate = 15;
    private const int Continue = 18;

    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <param name="service">The project's name.</param>
    /// <param name="settings">Configuration, <c>Section:Key=value</c>.</param>
    /// <param name="fault">Where it is to die or stand still: <c>after-claim:2</c>, <c>before-result:1:pause</c>.</param>
    public ServiceProcess(string service, IEnumerable<string> settings, string? fault = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (fault is not null)
            start.Environment["TRANSFER_FAULT"] = fault;
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
        Fault = fault;
        Id = _process.Id;
    }

    public string Name { get; }

    public string? Fault { get; }

    public int Id { get; }

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>As workers are named in documents: machine, process id, start.</summary>
    public bool IsWorker(string? worker) =>
        worker?.StartsWith($"{Environment.MachineName}/{Id}-", StringComparison.Ordinal) == true;

    public bool HasExited => _process.HasExited;

    /// <summary>It ended by kill -9, by whomever.</summary>
    public bool WasKilled => _process.HasExited && _process.ExitCode == Killed;

    public int ExitCode => _process.ExitCode;

    /// <summary>SIGSTOP was taken, SIGCONT not yet.</summary>
    public bool IsPaused => Status("State:").StartsWith('T');

    /// <summary>It is up, so that SIGTERM lets it finish: before that, which is a second or so, the runtime ends it with 143.</summary>
    /// <remarks>Told by the log, with <see cref="Workplace.ToldStarts"/>: the kernel shows a handler as soon as the runtime is there.</remarks>
    public bool HasStarted => Log.Contains("Application started", StringComparison.Ordinal);

    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    /// <summary>kill -9.</summary>
    public void KillHard()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGCONT.</summary>
    public void Resume() => _ = Signal(Id, Continue);

    /// <summary>SIGTERM; returns when the process has ended.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _ = Signal(Id, Terminate);
        await _process.WaitForExitAsync(cancellation);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What the kernel says of the process; nothing where it is gone.</summary>
    private string Status(string field)
    {
        try
        {
            return File.ReadLines($"/proc/{Id.ToString(CultureInfo.InvariantCulture)}/status")
                .First(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..]
                .Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
            _log.AppendLine(line.Data);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
