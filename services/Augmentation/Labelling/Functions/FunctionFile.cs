using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>
/// A YAML file of labelling functions: <c>functions</c> by name, each with one key that says its kind, and <c>lexicons</c>, lists
/// of words by name.
/// </summary>
internal static class FunctionFile
{
    private delegate ILabellingFunction Reader(string name, double? weight, YamlBlock block, FunctionContext context);

    /// <summary>By the key that says a function's kind.</summary>
    private static readonly Dictionary<string, Reader> Kinds = new()
    {
        ["keywords"] = Keywords.Read,
        ["regex"] = PatternRule.Read,
        ["lexicon"] = LexiconRule.Read,
        ["length"] = LengthRule.Read,
        ["punctuation"] = PunctuationRule.Read,
        ["centroid"] = NearestCentroid.Read,
        ["model"] = ModelPrediction.Read,
        ["column"] = ColumnVotes.Read,
    };

    /// <summary>The functions of a file in its order.</summary>
    /// <param name="name">What messages call the file.</param>
    /// <param name="context">Whose lexicons are those of the file.</param>
    /// <exception cref="BadInputException">Names file, line and what was expected.</exception>
    public static IReadOnlyList<ILabellingFunction> Read(string path, string name, FunctionContext context)
    {
        var root = YamlBlock.Parse(TextOf(path, name), name);
        context = context with { Lexicons = LexiconsOf(root) };
        var listed =
            root.Block("functions")
            ?? throw root.Fault(
                "'functions' is missing; expected functions by name, { name: { keywords: […], label: … } }"
            );
        root.Close(["functions", "lexicons"]);
        var functions = listed.Blocks().Select(entry => One(entry.Key, entry.Block, context)).ToList();
        return functions.Count > 0 ? functions : throw listed.Fault("expected at least one function");
    }

    /// <summary>The columns of votes that functions of a file name.</summary>
    public static IReadOnlyList<string> ColumnsIn(string path, string name) =>
        [
            .. (YamlBlock.Parse(TextOf(path, name), name).Block("functions")?.Blocks() ?? [])
                .Select(entry => entry.Block.Text("column"))
                .OfType<string>()
                .Distinct(),
        ];

    private static ILabellingFunction One(string name, YamlBlock block, FunctionContext context)
    {
        if (block.Keys.Where(Kinds.ContainsKey).ToList() is not [var kind])
            throw block.Fault($"function '{name}': expected one of {string.Join(", ", Kinds.Keys)}");
        var function = Kinds[kind](name, block.Number("weight", 0, 1e6), block, context);
        block.Close(["label", "weight", .. Kinds.Keys]);
        return function;
    }

    private static Dictionary<string, IReadOnlySet<string>> LexiconsOf(YamlBlock root)
    {
        var found = new Dictionary<string, IReadOnlySet<string>>();
        if (root.Block("lexicons") is { } lexicons)
            foreach (var key in lexicons.Keys)
                found[key] =
                    lexicons.Words(key)?.Select(word => word.ToLowerInvariant()).ToHashSet()
                    ?? throw lexicons.Fault(key, "expected a list of words");
        return found;
    }

    private static string TextOf(string path, string name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true)
                .GetString(File.ReadAllBytes(path))
                .TrimStart('\ufeff');
        }
        catch (DecoderFallbackException fault)
        {
            throw new BadInputException($"{name}: byte {fault.Index} is not UTF-8; expected YAML in UTF-8");
        }
    }
}
