using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using TransferPipeline.Contracts;
using TransferPipeline.Standalone.Remote;

namespace TransferPipeline.Standalone.Hub;

/// <summary>How long a hub is waited for.</summary>
/// <param name="Attempts">In a row that bring nothing.</param>
/// <param name="FirstWait">Before the second attempt; it doubles.</param>
/// <param name="Silence">In which no byte arrives.</param>
internal sealed record HubPatience(int Attempts, TimeSpan FirstWait, TimeSpan Silence)
{
    public static HubPatience Usual { get; } = new(6, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
}

/// <summary>Asks a hub: follows redirects to safe places, shows the token to the hub alone, tries again what may pass.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 5;
    private const int MostOfListing = 64 << 20;
    private const int Piece = 1 << 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private readonly HubAddress _hub;
    private readonly HubPatience _patience;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public HubClient(HubAddress hub, HubPatience patience, TimeProvider time)
    {
        (_hub, _patience, _time) = (hub, patience, time);
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("TransferPipeline");
    }

    /// <summary>The files of a model, and the commit that its revision is at.</summary>
    public Task<HubListing> ListAsync(HubName model, CancellationToken cancellation)
    {
        var address = new Uri(
            _hub.Root,
            $"api/models/{model.Name}/revision/{Uri.EscapeDataString(model.Revision)}?blobs=true"
        );
        return PatientlyAsync(
            async () =>
            {
                using var answer = await GetAsync(address, null, cancellation);
                if (!answer.IsSuccessStatusCode)
                    throw HubProblem.Of(answer, _hub, model);
                using var body = new MemoryStream();
                await CopyAsync(answer, body, MostOfListing, _ => { }, cancellation);
                return HubListing.Read(body.ToArray(), address);
            },
            () => 0,
            cancellation
        );
    }

    /// <summary>Where a file lies at a commit.</summary>
    public Uri Place(HubName model, string commit, HubFile file) =>
        new(_hub.Root, $"{model.Name}/resolve/{commit}/{Uri.EscapeDataString(file.Name)}");

    /// <summary>An answer whose body is still to be read, after redirects.</summary>
    /// <param name="ask">Adds to each request.</param>
    public async Task<HttpResponseMessage> GetAsync(
        Uri address,
        Action<HttpRequestMessage>? ask,
        CancellationToken cancellation
    )
    {
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            ask?.Invoke(request);
            if (_hub.Token is not null && _hub.Owns(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _hub.Token);
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(_patience.Silence);
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (!IsRedirect(answer.StatusCode))
                return answer;
            using (answer)
            {
                var next = answer.Headers.Location is { } location ? new Uri(address, location) : null;
                if (next is null || !_hub.MayLeadTo(next))
                    throw new BadInputException($"{address}: leads to '{next}'; expected an address of https");
                address = next;
            }
        }
        throw new BadInputException($"{address}: more than {MostRedirects} redirects; expected a file");
    }

    /// <summary>Writes a body as it comes, up to a length.</summary>
    /// <param name="arrived">Told how many bytes each piece has.</param>
    public async Task CopyAsync(
        HttpResponseMessage answer,
        Stream to,
        long most,
        Action<int> arrived,
        CancellationToken cancellation
    )
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var from = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[Piece];
        for (var left = most; ; )
        {
            silence.CancelAfter(_patience.Silence);
            var count = await from.ReadAsync(buffer, silence.Token);
            if (count == 0)
                return;
            if ((left -= count) < 0)
                throw new BadInputException(
                    $"{answer.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path)}: sends more than the {most} bytes that were expected"
                );
            await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
            arrived(count);
        }
    }

    /// <summary>Tries until it is done, a wait before each attempt after one that may pass.</summary>
    /// <param name="progress">Rises with every byte that need not be sent again.</param>
    /// <exception cref="ServerAwayException">As many attempts in a row brought nothing.</exception>
    public async Task<T> PatientlyAsync<T>(Func<Task<T>> attempt, Func<long> progress, CancellationToken cancellation)
    {
        for (var (tries, wait, reached) = (1, _patience.FirstWait, progress()); ; tries++, wait *= 2)
        {
            try
            {
                return await attempt();
            }
            catch (Exception broken) when (MayPass(broken, cancellation))
            {
                if (progress() > reached)
                    (tries, wait, reached) = (0, _patience.FirstWait / 2, progress());
                if (
                    tries >= _patience.Attempts
                    || broken is HubBusyException { Asked: var asked } && asked > LongestWait
                )
                    throw new ServerAwayException(
                        $"{_hub.Root}: {(broken is OperationCanceledException ? "the hub fell silent" : broken.GetBaseException().Message)}; "
                            + "what has arrived is kept, and the same command goes on from there"
                    );
                var pause = broken is HubBusyException busy && busy.Asked > wait ? busy.Asked : wait;
                await Task.Delay(pause < LongestWait ? pause : LongestWait, _time, cancellation);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsRedirect(HttpStatusCode status) =>
        status
            is HttpStatusCode.MovedPermanently
                or HttpStatusCode.Found
                or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect
                or HttpStatusCode.PermanentRedirect;

    /// <summary>What the wire did; what this machine's disk did does not pass.</summary>
    private static bool MayPass(Exception broken, CancellationToken cancellation) =>
        broken switch
        {
            OperationCanceledException => !cancellation.IsCancellationRequested,
            HttpRequestException or HttpIOException or HubBusyException => true,
            _ => broken is IOException { InnerException: SocketException },
        };
}
