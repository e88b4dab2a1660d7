using System.Text;
using System.Text.RegularExpressions;

namespace TransferPipeline.Orchestration.Scenarios;

/// <summary>What an expression points into.</summary>
internal enum ExpressionRoot
{
    Inputs,
    Matrix,
    Steps,
}

/// <summary>One <c>${root.name}</c>.</summary>
internal sealed record Expression(ExpressionRoot Root, string Name);

/// <summary>A scalar cut into literal text and expressions.</summary>
internal sealed partial class ExpressionText
{
    private readonly List<(string? Literal, Expression? Expression)> _parts = [];

    public IEnumerable<Expression> Expressions => _parts.Select(part => part.Expression).OfType<Expression>();

    /// <summary>The expression, where the text is nothing else.</summary>
    public Expression? Whole => _parts is [(null, { } expression)] ? expression : null;

    /// <summary>The parsed text; what is wrong with it in <paramref name="problem"/>.</summary>
    public static ExpressionText Parse(string text, out string? problem)
    {
        var parsed = new ExpressionText();
        problem = null;
        var at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is var open and >= 0)
        {
            if (open > at)
                parsed._parts.Add((text[at..open], null));
            var match = Pattern().Match(text, open);
            if (!match.Success || match.Index != open)
            {
                var close = text.IndexOf('}', open);
                var wrong = close < 0 ? text[open..] : text[open..(close + 1)];
                problem = $"'{wrong}' is no expression; expected ${{inputs.NAME}}, ${{matrix.NAME}} or ${{steps.NAME}}";
                return parsed;
            }
            var root = Enum.Parse<ExpressionRoot>(match.Groups["root"].Value, ignoreCase: true);
            parsed._parts.Add((null, new Expression(root, match.Groups["name"].Value)));
            at = open + match.Length;
        }
        if (at < text.Length)
            parsed._parts.Add((text[at..], null));
        return parsed;
    }

    /// <summary>The text with each expression's value; null where it is one expression without a value.</summary>
    public string? Fill(Func<Expression, string?> value)
    {
        if (Whole is { } whole)
            return value(whole);
        var text = new StringBuilder();
        foreach (var (literal, expression) in _parts)
            text.Append(literal ?? value(expression!));
        return text.ToString();
    }

    [GeneratedRegex(@"\$\{\s*(?<root>inputs|matrix|steps)\.(?<name>[A-Za-z_][A-Za-z0-9_-]*)\s*\}")]
    private static partial Regex Pattern();
}
