using System.Text.Json;
using System.Text.Json.Nodes;
using TransferPipeline.Contracts;

namespace TransferPipeline.Datasets;

/// <summary>Makes references whose ids are hashes of what they refer to.</summary>
public static class DatasetIdentity
{
    /// <summary>The splits' names in the order in which they are listed and shown.</summary>
    public static IReadOnlyList<string> SplitNames { get; } = ["train", "dev", "test", "unlabelled"];

    /// <summary>A reference to a written split.</summary>
    /// <param name="cutFrom">Ids of the splits its rows were taken from, nearest first.</param>
    public static SplitRef Split(
        string name,
        SplitSummary summary,
        ArtefactRef content,
        IReadOnlyList<string>? cutFrom = null
    ) => new(name, summary.Id, content, summary.Rows, summary.Labelled, cutFrom ?? []);

    /// <summary>A dataset; its id covers the names and ids of its splits, its task and its label names in order.</summary>
    public static DatasetRef Dataset(
        string name,
        TaskType task,
        IReadOnlyList<string> labels,
        IEnumerable<SplitRef> splits,
        ArtefactRef? hiddenLabels = null
    )
    {
        SplitRef[] ordered = [.. splits.OrderBy(split => SplitNames.IndexOf(split.Name))];
        var rows = new JsonObject(ordered.Select(split => KeyValuePair.Create(split.Name, (JsonNode?)split.Id)));
        var content = new JsonObject
        {
            ["labels"] = JsonSerializer.SerializeToNode(labels, WireFormat.Options),
            ["splits"] = rows,
            ["task"] = JsonSerializer.SerializeToNode(task, WireFormat.Options),
        };
        return new DatasetRef(ContentHash.Of(WireFormat.Canonical(content)), name, task, labels, ordered, hiddenLabels);
    }

    /// <summary>The same dataset with another split in the place of the one of that name.</summary>
    public static DatasetRef Replacing(DatasetRef parent, SplitRef split) =>
        Dataset(
            parent.Name,
            parent.Task,
            parent.Labels,
            parent.Splits.Where(other => other.Name != split.Name).Append(split),
            parent.HiddenLabels
        );

    private static int IndexOf(this IReadOnlyList<string> names, string name)
    {
        for (var index = 0; index < names.Count; index++)
            if (names[index] == name)
                return index;
        return names.Count;
    }
}
