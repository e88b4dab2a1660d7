using TransferPipeline.TestKit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;
using YamlDotNet.Serialization;

namespace TransferPipeline.Deployment.Tests;

/// <summary>YAML of this repository as maps, lists and texts, anchors and merges filled in.</summary>
internal static class Yaml
{
    public static string Root => GoldenFolders.RepositoryRoot;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The documents of a file.</summary>
    public static List<Map> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var parser = new MergingParser(new Parser(new StringReader(text)));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<Map>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        for (var document = 0; document < stream.Documents.Count; document++)
            documents.Add(new Map(deserializer.Deserialize<object>(parser)));
        return documents;
    }
}

/// <summary>A value of a YAML document; absent ones are empty.</summary>
internal sealed class Map(object? value)
{
    public string? Text => value as string;

    public Map this[string key] =>
        new((value as IDictionary<object, object>)?.TryGetValue(key, out var at) == true ? at : null);

    public bool Is => value is not null;

    public IEnumerable<Map> Items => (value as IEnumerable<object>)?.Select(item => new Map(item)) ?? [];

    public IEnumerable<string> Texts => Items.Select(item => item.Text ?? "");

    public IEnumerable<(string Key, Map Value)> Entries =>
        (value as IDictionary<object, object>)?.Select(pair => ((string)pair.Key, new Map(pair.Value))) ?? [];

    public IEnumerable<string> Keys => Entries.Select(entry => entry.Key);

    /// <summary>A list of names, or the keys of a map.</summary>
    public IEnumerable<string> Names => value is IDictionary<object, object> ? Keys : Texts;
}
