using System.Text.RegularExpressions;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Votes where at least <c>min</c> words of the text (1) are in a word list of the file.</summary>
internal static partial class LexiconRule
{
    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var list = block.Text("lexicon")!;
        if (!context.Lexicons.TryGetValue(list, out var words))
            throw block.Fault(
                "lexicon",
                $"there is no lexicon '{list}'; expected one of {(context.Lexicons.Count == 0 ? "those under lexicons, of which there are none" : string.Join(", ", context.Lexicons.Keys))}"
            );
        var least = Math.Max(1, block.Whole("min") ?? 1);
        return new TextRule(
            name,
            weight,
            context.Label(block),
            (text, _) => Word().Matches(text).Count(word => words.Contains(word.Value.ToLowerInvariant())) >= least
        );
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’\-][\p{L}\p{N}]+)*")]
    private static partial Regex Word();
}
