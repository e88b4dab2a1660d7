using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace TransferPipeline.TestKit;

/// <summary>
/// A RabbitMQ node of the test run: everything in a temporary folder, loopback only, on free ports, user and password
/// <c>guest</c>. Tests that need it are skipped where Debian's <c>rabbitmq-server</c> is not installed.
/// </summary>
public sealed class RabbitMqNode : IAsyncLifetime
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan OldEnough = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];
    private readonly StringBuilder _output = new();
    private Dictionary<string, string> _settings = [];

    /// <summary>The port for AMQP.</summary>
    public int Port { get; } = FreePort();

    public static bool Installed => File.Exists(Server);

    /// <summary>Skips the test, saying why, where there is no broker.</summary>
    public static void Require() =>
        Assert.SkipUnless(Installed, "RabbitMQ is not installed (Debian: apt-get install rabbitmq-server).");

    public async ValueTask InitializeAsync()
    {
        if (!Installed)
            return;
        _settings = Settings();
        Start("epmd", ["-port", _settings["ERL_EPMD_PORT"], "-address", "127.0.0.1"]);
        Start(Server, []);
        await UntilItAnswersAsync();
    }

    /// <summary>kill -9, once no queue is young; its folder stays.</summary>
    /// <remarks>
    /// RabbitMQ 3.10.8 may not recover a quorum queue that was declared seconds before (seen 7 s and 11 s after): it has no
    /// leader from then on, and who consumes from it waits for ever. That is the broker's fault, and not what is tested.
    /// </remarks>
    public async Task KillHardAsync()
    {
        while (DateTime.UtcNow - YoungestQueue() < OldEnough)
            await Task.Delay(100);
        End(_processes[^1]);
    }

    /// <summary>Starts the killed node again over its folder; returns when it answers.</summary>
    public Task RestartAsync()
    {
        Start(Server, []);
        return UntilItAnswersAsync();
    }

    public ValueTask DisposeAsync()
    {
        while (_processes.Count > 0)
            End(_processes[^1]);
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>When the folder of the queue that was declared last was made.</summary>
    private DateTime YoungestQueue() =>
        Directory
            .EnumerateDirectories(_folder["mnesia"], "2F_*", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(Directory.GetCreationTimeUtc)
            .DefaultIfEmpty(DateTime.MinValue)
            .Max();

    private void End(Process process)
    {
        _processes.Remove(process);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private Dictionary<string, string> Settings()
    {
        _folder.Write(
            "rabbitmq.conf",
            $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            vm_memory_high_watermark.absolute = 1GiB
            disk_free_limit.absolute = 50MB
            """
        );
        _folder.Write("enabled_plugins", "[].");
        return new()
        {
            ["HOME"] = _folder.Path, // The Erlang cookie is created there.
            ["LC_ALL"] = "C.UTF-8",
            ["RABBITMQ_NODENAME"] = $"transfer-{Port}@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = Text(Port),
            ["RABBITMQ_DIST_PORT"] = Text(FreePort()),
            ["RABBITMQ_MNESIA_BASE"] = _folder["mnesia"],
            ["RABBITMQ_LOG_BASE"] = _folder["log"],
            ["RABBITMQ_PID_FILE"] = _folder["pid"],
            ["RABBITMQ_CONF_ENV_FILE"] = _folder["none.conf"], // Do not read the machine's own.
            ["RABBITMQ_CONFIG_FILE"] = _folder["rabbitmq.conf"],
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder["enabled_plugins"],
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Text(FreePort()),
            // Erlang's schedulers spin while they wait, which two cores shared with the tests cannot spare.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        };
    }

    private void Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }

    /// <summary>The node listens last of all, and answers a protocol header with its first frame.</summary>
    private async Task UntilItAnswersAsync()
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                await client.GetStream().WriteAsync("AMQP\0\0\x9\x1"u8.ToArray());
                if (await client.GetStream().ReadAsync(new byte[8]) > 0)
                    return;
            }
            catch (SocketException) when (waited.Elapsed < LongEnough && !_processes[^1].HasExited)
            {
                continue;
            }
            catch (SocketException)
            {
                lock (_output)
                    throw new InvalidOperationException($"RabbitMQ does not start: {_output}");
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
