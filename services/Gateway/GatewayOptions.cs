using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Gateway;

/// <summary>Section <c>Gateway</c> of the configuration; routes and addresses stand in section <c>ReverseProxy</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Requests that one key, or one address without a key, may send in a minute.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Requests in a row before the rate applies.</summary>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 120;

    /// <summary>Web pages' origins, <c>https://studies.example.org</c>, that browsers may call from; none by default.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];

    /// <summary>How often each address of a service is asked whether it is ready.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing may move on a connection: an import is silent from the last byte to its answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a merged OpenAPI document is served before the services are asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DocumentAge { get; set; } = TimeSpan.FromSeconds(30);
}
