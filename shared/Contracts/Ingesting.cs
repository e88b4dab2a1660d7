namespace TransferPipeline.Contracts;

/// <summary>Reports that a dataset was stored under a name and version. Owned by Ingestion.</summary>
public sealed record DatasetIngested(string Name, int Version, DatasetRef Dataset);
