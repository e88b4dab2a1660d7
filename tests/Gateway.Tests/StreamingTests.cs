using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace TransferPipeline.Gateway.Tests;

public sealed class When_bytes_flow_through_the_gateway : IAsyncLifetime
{
    private Front _front = null!;

    public async ValueTask InitializeAsync() => _front = await Front.StartAsync();

    public ValueTask DisposeAsync() => _front.DisposeAsync();

    [Fact]
    public async Task An_event_arrives_before_the_next_one_is_written()
    {
        var read = new SemaphoreSlim(0);
        var gone = new TaskCompletionSource();
        _front.Services["orchestration"].Answer = async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            context.Response.ContentType = "text/event-stream";
            for (var number = 1; ; number++)
            {
                await context.Response.WriteAsync($"event: step\nid: {number}\ndata: {{}}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await read.WaitAsync(context.RequestAborted);
            }
        };
        using var client = _front.Reader;
        client.DefaultRequestHeaders.Add("Last-Event-ID", "0");

        using (
            var answer = await client.GetAsync(
                "/api/runs/one/events",
                HttpCompletionOption.ResponseHeadersRead,
                Cancellation
            )
        )
        {
            Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancellation));
            for (var number = 1; number <= 3; number++)
            {
                Assert.Equal("event: step", await lines.ReadLineAsync(Cancellation));
                Assert.Equal($"id: {number}", await lines.ReadLineAsync(Cancellation));
                Assert.Equal("data: {}", await lines.ReadLineAsync(Cancellation));
                Assert.Equal("", await lines.ReadLineAsync(Cancellation));
                read.Release();
            }
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal("0", Assert.Single(_front.Services["orchestration"].Requests).Headers["Last-Event-ID"]);
    }

    [Fact]
    public async Task An_upload_reaches_the_service_while_it_is_sent_however_long_it_is()
    {
        const int piece = 1 << 20;
        const int pieces = 64;
        var first = new TaskCompletionSource();
        _front.Services["ingestion"].Answer = async context =>
        {
            var (buffer, total) = (new byte[piece], 0L);
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and var count)
            {
                total += count;
                first.TrySetResult();
            }
            await context.Response.WriteAsync($"{total}");
        };
        using var client = _front.Submitter;

        using var content = new PushedContent(async to =>
        {
            var bytes = new byte[piece];
            await to.WriteAsync(bytes, Cancellation);
            await to.FlushAsync(Cancellation);
            // The rest is not sent before the service has read the beginning.
            await first.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
            for (var sent = 1; sent < pieces; sent++)
                await to.WriteAsync(bytes, Cancellation);
        });
        using var answer = await client.PostAsync("/api/datasets?name=big", content, Cancellation);

        Assert.Equal($"{(long)piece * pieces}", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task An_upload_that_is_cut_off_is_cut_off_for_the_service_too()
    {
        var began = new TaskCompletionSource();
        var seen = new TaskCompletionSource<Exception?>();
        _front.Services["ingestion"].Answer = async context =>
        {
            try
            {
                await context.Request.Body.ReadExactlyAsync(new byte[5]);
                began.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null);
                seen.SetResult(null);
            }
            catch (Exception cut)
            {
                seen.SetResult(cut);
            }
        };

        using (var line = new TcpClient())
        {
            await line.ConnectAsync(_front.Address.Host, _front.Address.Port, Cancellation);
            await line.GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        $"POST /api/datasets?name=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_front.KeyOf("submitter")}\r\n"
                            + "Content-Length: 1000000\r\n\r\n"
                            + new string('x', 100_000)
                    ),
                    Cancellation
                );
            await began.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        }

        var cut = await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.True(cut is BadHttpRequestException or IOException or OperationCanceledException, cut?.ToString());
        await _front.UntilReadyAsync(true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scenario_that_is_far_too_large_is_refused(bool announced)
    {
        _front.Services["orchestration"].Answer = context => context.Request.Body.CopyToAsync(Stream.Null);
        using var client = _front.Submitter;
        var bytes = new byte[(8 << 20) + 1];
        using HttpContent content = announced
            ? new ByteArrayContent(bytes)
            : new PushedContent(to => to.WriteAsync(bytes).AsTask());

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/runs") { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await client.SendAsync(request, Cancellation);

        await Front.ProblemAsync(answer, 413, "too-large");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A body whose length nobody knows beforehand.</summary>
    private sealed class PushedContent(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

public sealed class When_services_come_and_go
{
    [Fact]
    public async Task A_service_that_is_away_is_a_problem_document_until_it_is_back()
    {
        await using var front = await Front.StartAsync();
        var address = front.Services["training"].Address;
        await front.Services["training"].DisposeAsync();
        using var client = front.Reader;

        using (var answer = await client.GetAsync("/api/models", Cancellation))
            await Front.ProblemAsync(answer, 503, "service-unavailable");
        await front.UntilReadyAsync(false);
        using (var answer = await client.GetAsync("/api/models", Cancellation))
            await Front.ProblemAsync(answer, 503, "service-unavailable");
        using (var answer = await client.GetAsync("/api/runs", Cancellation))
            Assert.Equal("orchestration", await answer.Content.ReadAsStringAsync(Cancellation));

        await using var back = await FakeService.StartAsync("training again", address);
        await front.UntilReadyAsync(true);
        using (var answer = await client.GetAsync("/api/models", Cancellation))
            Assert.Equal("training again", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Of_two_addresses_only_the_ready_one_gets_requests()
    {
        await using var other = await FakeService.StartAsync("other");
        other.IsReady = false;
        await using var front = await Front.StartAsync(
            $"ReverseProxy:Clusters:ingestion:Destinations:two:Address={other.Address}",
            "Gateway:Burst=10000"
        );
        await SettleAsync(front);
        using var client = front.Reader;

        other.Requests.Clear();
        for (var request = 0; request < 20; request++)
            using (await client.GetAsync("/api/datasets", Cancellation)) { }
        Assert.Empty(other.Requests);
        Assert.Equal(20, front.Services["ingestion"].Requests.Count);

        front.Services["ingestion"].IsReady = false;
        other.IsReady = true;
        await UntilAsync(async () =>
        {
            using var answer = await client.GetAsync("/api/datasets", Cancellation);
            return !other.Requests.IsEmpty && await IsOnlyOtherAsync();
        });

        async Task<bool> IsOnlyOtherAsync()
        {
            var before = front.Services["ingestion"].Requests.Count;
            for (var request = 0; request < 10; request++)
                using (await client.GetAsync("/api/datasets", Cancellation)) { }
            return front.Services["ingestion"].Requests.Count == before;
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Waits until requests have stopped going to the address that is not ready.</summary>
    private static async Task SettleAsync(Front front)
    {
        var other = front.Services["ingestion"];
        using var client = front.Reader;
        await UntilAsync(async () =>
        {
            var before = other.Requests.Count;
            for (var request = 0; request < 10; request++)
                using (await client.GetAsync("/api/datasets", Cancellation)) { }
            return other.Requests.Count == before + 10;
        });
        other.Requests.Clear();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(20, patience.Token);
    }
}
