namespace TransferPipeline.Synthesis.Synthesizing;

/// <summary>
/// Every text labelled with its cluster: a fine-tuning on that before the real one is cluster-then-tune (Shnarch et al., ACL
/// 2022).
/// </summary>
internal sealed class ClusterIds : ISynthesisMethod
{
    public string Name => "cluster-ids";

    public Synthesised Make(Pool pool)
    {
        var (partition, tried) = pool.Cluster();
        string[] names = [.. Enumerable.Range(0, partition.Count).Select(cluster => $"cluster-{cluster:000}")];
        var made = pool.Rows.Select((row, at) => Pool.Given(row, names[partition.Of[at]], 1));
        return new([.. made], new LabelledClusters(partition, new string?[partition.Count], tried), names);
    }
}
