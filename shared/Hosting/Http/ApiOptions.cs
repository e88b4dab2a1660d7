using System.ComponentModel.DataAnnotations;

namespace TransferPipeline.Hosting.Http;

/// <summary>Section <c>Api</c> of the configuration: how much a request may bring.</summary>
public sealed class ApiOptions
{
    /// <summary>The largest upload in bytes, all of its files together.</summary>
    [Range(1, long.MaxValue)]
    public long MaxUploadBytes { get; set; } = 20L * 1024 * 1024 * 1024;

    /// <summary>The largest body of any other request; a scenario is a few kilobytes.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxJsonBytes { get; set; } = 1024 * 1024;

    /// <summary>Files in one upload; a sharded checkpoint has a few dozen.</summary>
    [Range(1, 10_000)]
    public int MaxFiles { get; set; } = 256;
}
