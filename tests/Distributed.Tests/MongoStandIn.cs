using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TransferPipeline.TestKit;

namespace TransferPipeline.Distributed.Tests;

/// <summary>
/// A MongoDB stand-in of this test alone, so that it may be killed: each write is on disk before its reply. Skips the test
/// where the folder of <c>TRANSFER_TEST_SHARED</c> does not hold it.
/// </summary>
internal sealed class MongoStandIn(string folder) : IDisposable
{
    private readonly string _program = SharedFiles.Require("tools", "mongo-standin.py");
    private Process? _process;

    public int Port { get; } = FreePort();

    /// <summary>Returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(
            "/usr/bin/python3",
            [
                _program,
                Port.ToString(CultureInfo.InvariantCulture),
                "--sessions",
                "--data",
                Path.Combine(folder, "mongo.log"),
            ]
        )
        {
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start)!;
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            if (line.StartsWith("READY", StringComparison.Ordinal))
                return;
        throw new InvalidOperationException("The stand-in for MongoDB does not start.");
    }

    /// <summary>kill -9.</summary>
    public void KillHard()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
            KillHard();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
