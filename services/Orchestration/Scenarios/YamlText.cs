using TransferPipeline.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;
using Scalar = TransferPipeline.Orchestration.Scenarios.Scalar;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>YAML as nodes with places.</summary>
internal static class YamlText
{
    // Aliases that double at each level make a small file endless; no scenario comes near this.
    private const int MostNodes = 100_000;

    // The loader calls itself for each level: a deep file would end the process.
    private const int Deepest = 64;
    private const int MostAliases = 1000;

    /// <exception cref="BadInputException">The text is not one YAML document.</exception>
    public static Node Parse(string text, string file)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(text));
        try
        {
            CheckLimits(parser, file);
            parser = new Parser(new StringReader(text));
            stream.Load(parser);
        }
        catch (YamlException problem)
        {
            throw NotYaml(file, problem.Start, (problem.InnerException ?? problem).Message);
        }
        catch (InvalidOperationException)
        {
            // The scanner gives up so inside an unclosed '[' or '{'.
            throw NotYaml(file, parser.Current?.End ?? Mark.Empty, "something is opened here and not closed");
        }

        var left = MostNodes;
        return stream.Documents.Count switch
        {
            1 => Read(stream.Documents[0].RootNode, file, Deepest, ref left),
            0 => new Scalar(new Place(1, 1), null),
            _ => throw new BadInputException(
                $"{PlaceOf(stream.Documents[1].RootNode).In(file)}: a second YAML document begins here; expected one"
            ),
        };
    }

    private static void CheckLimits(Parser parser, string file)
    {
        var (depth, aliases) = (0, 0);
        while (parser.MoveNext())
        {
            var at = new Place(parser.Current!.Start.Line, parser.Current.Start.Column).In(file);
            depth += parser.Current.NestingIncrease;
            if (depth > Deepest)
                throw TooDeep(at);
            if (parser.Current is AnchorAlias && ++aliases > MostAliases)
                throw new BadInputException($"{at}: there are more than {MostAliases} aliases; expected a scenario");
        }
    }

    private static Node Read(YamlNode node, string file, int depth, ref int left)
    {
        // An alias to what it stands in has no end.
        if (depth == 0)
            throw TooDeep(PlaceOf(node).In(file));
        if (--left < 0)
            throw new BadInputException(
                $"{PlaceOf(node).In(file)}: the file unfolds to more than {MostNodes} values; expected a scenario"
            );
        switch (node)
        {
            case YamlScalarNode scalar:
                var empty = scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";
                return new Scalar(PlaceOf(node), empty ? null : scalar.Value);
            case YamlSequenceNode sequence:
                var items = new List<Node>();
                foreach (var item in sequence.Children)
                    items.Add(Read(item, file, depth - 1, ref left));
                return new Sequence(PlaceOf(node), items);
            case YamlMappingNode mapping:
                var entries = new List<Entry>();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { } name })
                        throw new BadInputException($"{PlaceOf(key).In(file)}: expected a key that is a word");
                    entries.Add(new Entry(name, PlaceOf(key), Read(value, file, depth - 1, ref left)));
                }
                return new Mapping(PlaceOf(node), entries);
            default:
                throw new BadInputException($"{PlaceOf(node).In(file)}: expected a value");
        }
    }

    private static BadInputException NotYaml(string file, Mark at, string reason) =>
        new($"{new Place(at.Line, at.Column).In(file)}: this is not YAML: {reason}");

    private static BadInputException TooDeep(string at) =>
        new($"{at}: values lie more than {Deepest} levels deep here; expected a scenario");

    private static Place PlaceOf(YamlNode node) => new(node.Start.Line, node.Start.Column);
}
