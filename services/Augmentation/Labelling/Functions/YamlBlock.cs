using System.Globalization;
using TransferPipeline.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>A block of keys of a YAML file that knows where it stands and which of its keys were asked for.</summary>
internal sealed class YamlBlock
{
    // The loader calls itself for each level: a deep file would end the process.
    private const int Deepest = 16;

    private readonly string _file;
    private readonly Mark _start;
    private readonly List<(string Key, Mark At, YamlNode Value)> _entries = [];
    private readonly HashSet<string> _asked = [];

    private YamlBlock(string file, YamlMappingNode node)
    {
        (_file, _start) = (file, node.Start);
        foreach (var (key, value) in node.Children)
            _entries.Add(
                key is YamlScalarNode { Value: { } name }
                    ? (name, key.Start, value)
                    : throw Fault(key.Start, "expected a key that is a word")
            );
    }

    public IReadOnlyList<string> Keys => [.. _entries.Select(entry => entry.Key)];

    /// <exception cref="BadInputException">The text is not one YAML document of keys and values.</exception>
    public static YamlBlock Parse(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            CheckLimits(new Parser(new StringReader(text)), file);
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw Fault(file, problem.Start, $"this is not YAML: {(problem.InnerException ?? problem).Message}");
        }
        catch (InvalidOperationException)
        {
            // The scanner gives up so inside an unclosed '[' or '{'.
            throw new BadInputException($"{file}: this is not YAML: something is opened and not closed");
        }
        return stream.Documents is [{ RootNode: YamlMappingNode root }]
            ? new YamlBlock(file, root)
            : throw new BadInputException($"{file}: expected one YAML document of keys and values");
    }

    public bool Has(string key) => Find(key) is not null;

    public string? Text(string key) =>
        Find(key) switch
        {
            null => null,
            YamlScalarNode { Value.Length: > 0 } scalar => scalar.Value,
            var other => throw Fault(other.Start, $"{key}: expected a text"),
        };

    public IReadOnlyList<string>? Words(string key) =>
        Find(key) switch
        {
            null => null,
            YamlSequenceNode { Children.Count: > 0 } list
                when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }) =>
            [
                .. list.Children.Select(item => ((YamlScalarNode)item).Value!),
            ],
            YamlScalarNode { Value.Length: > 0 } one => [one.Value],
            var other => throw Fault(other.Start, $"{key}: expected a list of words"),
        };

    public double? Number(string key, double least, double most) =>
        Text(key) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
        : throw Fault(
            key,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{text}' does not fit; expected a number from {least} to {most}"
            )
        );

    public int? Whole(string key) =>
        Text(key) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Fault(key, $"'{text}' does not fit; expected a whole number of at least 0");

    public bool? Flag(string key) =>
        Text(key) switch
        {
            null => null,
            "true" => true,
            "false" => false,
            var text => throw Fault(key, $"'{text}' does not fit; expected true or false"),
        };

    public YamlBlock? Block(string key) =>
        Find(key) switch
        {
            null => null,
            YamlMappingNode node => new YamlBlock(_file, node),
            var other => throw Fault(other.Start, $"{key}: expected keys and values"),
        };

    /// <summary>Every key with its block.</summary>
    public IEnumerable<(string Key, YamlBlock Block)> Blocks() =>
        Keys.Select(key => (key, Block(key) ?? throw Fault(key, "expected keys and values")));

    /// <exception cref="BadInputException">A key stands here that nobody asked for.</exception>
    public void Close(IReadOnlyList<string> expected)
    {
        foreach (var (key, at, _) in _entries)
            if (!_asked.Contains(key))
                throw Fault(at, $"unknown key '{key}'; expected one of {string.Join(", ", expected)}");
    }

    public BadInputException Fault(string key, string what)
    {
        var found = _entries.FirstOrDefault(entry => entry.Key == key);
        return Fault(found.Key is null ? _start : found.At, $"{key}: {what}");
    }

    public BadInputException Fault(string what) => Fault(_start, what);

    private YamlNode? Find(string key)
    {
        _asked.Add(key);
        var found = _entries.FirstOrDefault(entry => entry.Key == key).Value;
        return found is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } ? null : found;
    }

    private static void CheckLimits(Parser parser, string file)
    {
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > Deepest)
                throw Fault(file, parser.Current.Start, $"values lie more than {Deepest} levels deep here");
            if (parser.Current is AnchorAlias)
                throw Fault(file, parser.Current.Start, "an alias stands here; expected a value");
        }
    }

    private BadInputException Fault(Mark at, string what) => Fault(_file, at, what);

    private static BadInputException Fault(string file, Mark at, string what) =>
        new($"{file}:{at.Line}:{at.Column}: {what}");
}
