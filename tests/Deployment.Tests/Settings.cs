using System.Text.RegularExpressions;

namespace TransferPipeline.Deployment.Tests;

/// <summary>The settings that services read, told from their options classes.</summary>
internal static partial class Settings
{
    /// <summary>What the runtime reads itself.</summary>
    private static readonly string[] Runtime = ["ASPNETCORE_HTTP_PORTS", "DOTNET_", "MONGO_INITDB_"];

    /// <summary>Sections and their keys; further keys of nested values beside them.</summary>
    private static readonly Lazy<Dictionary<string, HashSet<string>>> Known = new(Find);

    /// <summary>Why a variable sets nothing, or null where it sets something.</summary>
    public static string? Problem(string variable)
    {
        if (Runtime.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal)))
            return null;
        var parts = variable.Split("__");
        if (!Known.Value.TryGetValue(parts[0], out var keys))
            return $"{variable}: no options are named {parts[0]}";
        var unknown = parts[1..].FirstOrDefault(part => !part.All(char.IsAsciiDigit) && !keys.Contains(part));
        return parts.Length < 2 ? $"{variable}: no key"
            : unknown is null ? null
            : $"{variable}: {parts[0]} has no {unknown}";
    }

    private static Dictionary<string, HashSet<string>> Find()
    {
        var known = new Dictionary<string, HashSet<string>>();
        foreach (var file in Directory.EnumerateFiles(Yaml.Root, "*Options.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var keys = Property().Matches(text).Select(match => match.Groups[1].Value).ToHashSet();
            foreach (Match options in OptionsClass().Matches(text))
                known[options.Groups[1].Value] = keys;
        }
        return known;
    }

    [GeneratedRegex(@"\bclass (?:Pipeline)?(\w+)Options\b")]
    private static partial Regex OptionsClass();

    [GeneratedRegex(@"public [\w?<>., ]+ (\w+) \{ get; (?:set|init); \}")]
    private static partial Regex Property();
}
