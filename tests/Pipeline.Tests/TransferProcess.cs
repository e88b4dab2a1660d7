using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace TransferPipeline.Pipeline.Tests;

/// <summary>The command line as its users meet it: a process of its own with its own home.</summary>
internal sealed class TransferProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private TransferProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static TransferProcess Start(string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "TransferPipeline.Standalone.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--home");
        start.ArgumentList.Add(home);

        var started = new TransferProcess(new Process { StartInfo = start });
        started._process.OutputDataReceived += (_, line) => started.Keep(line.Data);
        started._process.ErrorDataReceived += (_, line) => started._error.AppendLine(line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Waits until it has printed that text.</summary>
    public async Task OutputAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"It ended with {_error}");
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Outcome> RunAsync(string home, params string[] arguments)
    {
        using var process = Start(home, arguments);
        return await process.EndAsync();
    }

    public async Task<Outcome> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.WaitForExit();
        return new Outcome(_process.ExitCode, Output, _error.ToString());
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    /// <summary>kill -9.</summary>
    public void KillHard() => _process.Kill();

    /// <summary>SIGTERM; a shell's background jobs, and their children, ignore SIGINT.</summary>
    public void Terminate()
    {
        using var kill = Process.Start(
            "kill",
            ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]
        );
        kill.WaitForExit();
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    internal sealed record Outcome(int ExitCode, string Output, string Error)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;
    }
}
