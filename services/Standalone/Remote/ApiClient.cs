using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Standalone.Remote;

/// <summary>Speaks to a server: its problem documents become messages, and what a wire loses is sent again.</summary>
internal sealed class ApiClient : IDisposable
{
    private const int Attempts = 5;
    private const int PatientAttempts = 40;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public ApiClient(Uri server, string key, TimeProvider time)
    {
        // Between two transfers nothing may pass for long: an import answers when all of it is stored.
        _http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _time = time;
    }

    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        return await ReadAsync<T>(answer, cancellation);
    }

    /// <param name="body">Makes the body, anew for each attempt.</param>
    public async Task<T> PostAsync<T>(string path, Func<HttpContent>? body, CancellationToken cancellation)
    {
        // One key for all attempts: an order that arrived although its answer was lost is not carried out twice.
        var key = Guid.NewGuid().ToString("N");
        using var answer = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body?.Invoke() };
                request.Headers.Add("Idempotency-Key", key);
                // A refusal comes before gigabytes were sent in vain.
                request.Headers.ExpectContinue = request.Content is MultipartContent or StreamContent;
                return request;
            },
            cancellation
        );
        return await ReadAsync<T>(answer, cancellation);
    }

    public Task<T> PostJsonAsync<T>(string path, object body, CancellationToken cancellation)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, WireFormat.Options);
        return PostAsync<T>(
            path,
            () =>
                new ByteArrayContent(json)
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
                },
            cancellation
        );
    }

    public async Task DeleteAsync(string path, CancellationToken cancellation)
    {
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Delete, path), cancellation);
    }

    /// <summary>The bytes of an answer, read as they come.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        return await answer.Content.ReadAsStreamAsync(cancellation);
    }

    /// <summary>A stream of events that goes on after <paramref name="lastEvent"/>; tried once.</summary>
    public async Task<HttpResponseMessage> ListenAsync(string path, string? lastEvent, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEvent is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEvent);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (answer.IsSuccessStatusCode)
            return answer;
        using (answer)
            throw new HttpRequestException($"{(int)answer.StatusCode} instead of events", null, answer.StatusCode);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellation)
    {
        for (var (attempt, wait) = (1, FirstWait); ; attempt++, wait = Longer(wait))
        {
            try
            {
                using var request = make();
                var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (answer.IsSuccessStatusCode)
                    return answer;
                using (answer)
                {
                    var problem = await ServerProblem.OfAsync(answer, cancellation);
                    // The line of the attempt before broke, and the server is still at work on it.
                    var atWork =
                        attempt > 1
                        && request.Method == HttpMethod.Post
                        && answer.StatusCode == HttpStatusCode.Conflict;
                    if (atWork ? attempt >= PatientAttempts : !MayPass(answer.StatusCode))
                        throw problem;
                    var asked = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
                    wait = asked > wait ? asked : wait;
                    if (!atWork && (attempt >= Attempts || wait > LongestWait))
                        throw new ServerAwayException(problem.Message);
                }
            }
            catch (HttpRequestException away)
            {
                if (attempt >= Attempts)
                    throw new ServerAwayException(
                        $"{_http.BaseAddress}: the server cannot be reached: {away.InnerException?.Message ?? away.Message}"
                    );
            }
            await Task.Delay(wait, _time, cancellation);
        }
    }

    private static TimeSpan Longer(TimeSpan wait) => wait < LongestOwnWait ? wait * 2 : wait;

    private static bool MayPass(HttpStatusCode status) =>
        status
            is HttpStatusCode.TooManyRequests
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, WireFormat.Options, cancellation)
                ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new BadInputException(
                $"{answer.RequestMessage?.RequestUri}: this does not answer like a pipeline: {wrong.Message}"
            );
        }
    }
}
