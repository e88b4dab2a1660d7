using System.Net;
using System.Net.Sockets;

namespace TransferPipeline.TestKit;

/// <summary>
/// Passes bytes between a client and a server; once armed, lets the next message with that word through, drops the
/// server's answer to it and closes the connection.
/// </summary>
public sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _server;
    private readonly int _port;
    private byte[]? _armed;

    public CuttingProxy(string server, int port)
    {
        (_server, _port) = (server, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts { get; private set; }

    /// <param name="word">ASCII; it has to stand in one piece in the message.</param>
    public void Arm(string word) => _armed = System.Text.Encoding.ASCII.GetBytes(word);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, _port, _stop.Token);
                var cut = new Cut();
                await Task.WhenAny(
                    PassAsync(client.GetStream(), server.GetStream(), cut, fromClient: true),
                    PassAsync(server.GetStream(), client.GetStream(), cut, fromClient: false)
                );
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                // Either side has gone; the other is closed.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, Cut cut, bool fromClient)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, _stop.Token) is var count and > 0)
        {
            if (fromClient && _armed is { } word && buffer.AsSpan(0, count).IndexOf(word) >= 0)
            {
                _armed = null;
                cut.Now = true;
            }
            else if (!fromClient && cut.Now)
            {
                Cuts++;
                return;
            }
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private sealed class Cut
    {
        public bool Now { get; set; }
    }
}
