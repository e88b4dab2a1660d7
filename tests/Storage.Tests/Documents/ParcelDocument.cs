using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Storage.Tests.Documents;

public enum ParcelState
{
    Open,
    Sent,
}

/// <summary>A document of these tests.</summary>
public sealed record ParcelDocument : IDocument<ParcelDocument>
{
    public static string Collection => "parcels";
    public static IReadOnlyList<string> Indexes => ["state", "owner"];

    public required string Id { get; init; }
    public int Version { get; init; }
    public ParcelState State { get; init; }
    public string? Owner { get; init; }
    public int Count { get; init; }

    public ParcelDocument WithVersion(int version) => this with { Version = version };
}
