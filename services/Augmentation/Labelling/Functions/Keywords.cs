using System.Text.RegularExpressions;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>
/// Votes where one of several words or phrases stands in the text, in upper or lower case; with <c>parts: true</c> also inside
/// of a word.
/// </summary>
internal static class Keywords
{
    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var any = string.Join('|', block.Words("keywords")!.Select(Regex.Escape));
        var pattern = new Regex(
            block.Flag("parts") ?? false ? any : $@"(?<![\p{{L}}\p{{N}}])(?:{any})(?![\p{{L}}\p{{N}}])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
        );
        return new TextRule(name, weight, context.Label(block), (text, _) => pattern.IsMatch(text));
    }
}
