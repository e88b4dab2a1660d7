using System.Globalization;
using System.Text;
using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>Keys and figures as people read them.</summary>
internal static class Wording
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["macroF1"] = "macro F1",
        ["microF1"] = "micro F1",
        ["weightedF1"] = "weighted F1",
        ["matthews"] = "Matthews correlation",
        ["cohenKappa"] = "Cohen's kappa",
        ["entityF1"] = "entity F1",
        ["entityF1Strict"] = "entity F1 (strict IOB2)",
        ["f1"] = "F1",
        ["tokenAccuracy"] = "accuracy of tokens",
        ["rocAuc"] = "ROC AUC",
        ["ece"] = "calibration error",
        ["brier"] = "Brier score",
        ["logLoss"] = "log loss",
    };

    private static readonly HashSet<string> Main =
    [
        "accuracy",
        "macroF1",
        "matthews",
        "pearson",
        "spearman",
        "entityF1",
        "entityF1Strict",
        "f1",
        "exactMatch",
        "perplexity",
        "tokenAccuracy",
        "accuracyUnderAttack",
        "accuracyUnderNoise",
        "attackSuccessRate",
    ];

    /// <summary>Whether the metric is among those that a reader looks at first.</summary>
    public static bool IsMain(string metric) => Main.Contains(metric);

    /// <summary><c>labelsPerClass</c> becomes <c>labels per class</c>.</summary>
    public static string Of(string key)
    {
        if (Names.TryGetValue(key, out var name))
            return name;
        var words = new StringBuilder();
        foreach (var letter in key)
            if (char.IsUpper(letter))
                words.Append(' ').Append(char.ToLowerInvariant(letter));
            else
                words.Append(letter is '-' or '_' ? ' ' : letter);
        return words.ToString().Trim();
    }

    /// <summary><c>labels-per-class</c> and <c>LabelsPerClass</c> become <c>labelsPerClass</c>.</summary>
    public static string CamelCased(string key)
    {
        var parts = key.Split(['-', '_', ' ', '.'], StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(
            parts.Select(
                (part, index) =>
                    (index == 0 ? char.ToLowerInvariant(part[0]) : char.ToUpperInvariant(part[0])) + part[1..]
            )
        );
    }

    /// <summary>Whether the metric is a share of rows, shown in percent.</summary>
    public static bool IsShare(string metric) => ShareMetrics.Contains(metric);

    /// <summary><c>84.3</c> for a share (in percent), <c>0.684</c> for others.</summary>
    public static string Figure(string metric, double value) =>
        IsShare(metric) ? Number(value * 100, 1) : Number(value, 3);

    /// <summary>The unit that <see cref="Figure"/> leaves out.</summary>
    public static string Unit(string metric) => IsShare(metric) ? " %" : "";

    /// <summary><c>+9.2 points</c>, <c>−0.031</c>.</summary>
    public static string Difference(string metric, double value) =>
        Signed(metric, value) + (IsShare(metric) ? " points" : "");

    public static string Signed(string metric, double value)
    {
        var figure = Figure(metric, value);
        return figure.StartsWith('−') || figure.All(letter => letter is '0' or '.') ? figure : "+" + figure;
    }

    /// <summary><c>0.013</c>, <c>&lt; 0.001</c>; never a 0 nor more digits than a reader can use.</summary>
    public static string P(double p) =>
        p < 0.001 ? "< 0.001"
        : p < 0.1 ? Number(p, 3)
        : Number(p, 2);

    public static string Number(double value, int decimals)
    {
        var text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.Trim('-', '0', '.').Length == 0 ? text.TrimStart('-') : text.Replace('-', '−');
    }

    /// <summary><c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items) =>
        items.Count < 2 ? string.Concat(items) : string.Join(", ", items.SkipLast(1)) + " and " + items[^1];

    /// <summary><c>12</c>, <c>12 to 29</c>.</summary>
    public static string Range(string least, string most) => least == most ? least : $"{least} to {most}";

    /// <summary><c>1 seed</c>, <c>5 seeds</c>.</summary>
    public static string Count(long count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";
}
