using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TransferPipeline.Hosting.Http;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace TransferPipeline.Gateway.Documents;

/// <summary>The services' OpenAPI documents as one; asked for at most once in a while.</summary>
internal sealed class ServicesDocument(
    IProxyStateLookup proxy,
    IHttpClientFactory clients,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<ServicesDocument> log
) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private (long Made, string Text)? _last;

    public async Task<string> ReadAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_last is { } last && time.GetElapsedTime(last.Made) < options.Value.DocumentAge)
                return last.Text;
            var merged = await MergeAsync(cancellation);
            _last = (time.GetTimestamp(), merged);
            return merged;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<string> MergeAsync(CancellationToken cancellation)
    {
        var clusters = proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal).ToList();
        var documents = await Task.WhenAll(clusters.Select(cluster => FetchAsync(cluster, cancellation)));
        return MergedOpenApi
            .Of(
                documents.OfType<(string, JsonObject)>(),
                clusters.Zip(documents).Where(pair => pair.Second is null).Select(pair => pair.First.ClusterId)
            )
            .ToJsonString();
    }

    private async Task<(string, JsonObject)?> FetchAsync(ClusterState cluster, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(nameof(ServicesDocument));
        foreach (var destination in cluster.DestinationsState.AvailableDestinations)
        {
            try
            {
                var address = new Uri(new Uri(destination.Model.Config.Address), ApiDocument.Path);
                if (JsonNode.Parse(await client.GetStringAsync(address, cancellation)) is JsonObject document)
                    return (cluster.ClusterId, document);
            }
            catch (Exception away) when (away is HttpRequestException or JsonException or OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                log.LogWarning(away, "The OpenAPI document of {Service} could not be read", cluster.ClusterId);
            }
        }
        return null;
    }
}
