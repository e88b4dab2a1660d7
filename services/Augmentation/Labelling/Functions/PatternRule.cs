using System.Text.RegularExpressions;

namespace TransferPipeline.Augmentation.Labelling.Functions;

/// <summary>Votes where a regular expression is found in the text; with <c>case: true</c> upper case is not lower case.</summary>
internal static class PatternRule
{
    /// <summary>Far more than any text takes that does not make the expression try all ways.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static ILabellingFunction Read(string name, double? weight, YamlBlock block, FunctionContext context)
    {
        var pattern = Compile(block, block.Text("regex")!, block.Flag("case") ?? false);
        return new TextRule(name, weight, context.Label(block), Fits);

        bool Fits(string text, string id)
        {
            try
            {
                return pattern.IsMatch(text);
            }
            catch (RegexMatchTimeoutException)
            {
                throw block.Fault(
                    "regex",
                    $"function '{name}' took more than {Limit.TotalSeconds} s for the text of {id}; expected an expression "
                        + "that does not backtrack without end"
                );
            }
        }
    }

    private static Regex Compile(YamlBlock block, string pattern, bool cases)
    {
        try
        {
            return new Regex(
                pattern,
                RegexOptions.CultureInvariant | (cases ? RegexOptions.None : RegexOptions.IgnoreCase),
                Limit
            );
        }
        catch (RegexParseException fault)
        {
            throw block.Fault("regex", $"{fault.Message.TrimEnd('.')}; expected a regular expression of .NET");
        }
    }
}
