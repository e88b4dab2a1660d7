using System.Text;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>Which keys lie beside each other.</summary>
public sealed class Keyboard : ILexicon
{
    private readonly SortedDictionary<string, string[]> _keys = new(StringComparer.Ordinal);

    private Keyboard() { }

    public LexiconKind Kind => LexiconKind.Keyboard;

    public int Count => _keys.Count;

    /// <summary>
    /// An English keyboard, from where its keys lie: a row begins a quarter of a key, then half a key to the right of the one
    /// above it; two keys are neighbours whose middles are at most 1.25 keys apart.
    /// </summary>
    public static Keyboard Qwerty { get; } = OfRows(("qwertyuiop", 0), ("asdfghjkl", 0.25), ("zxcvbnm", 0.75));

    /// <summary>The neighbours of a character, capital where it is; none of one that no key gives.</summary>
    public IReadOnlyList<string> Beside(Rune character)
    {
        if (!_keys.TryGetValue(Rune.ToLowerInvariant(character).ToString(), out var beside))
            return [];
        return Rune.IsUpper(character) ? [.. beside.Select(key => key.ToUpperInvariant())] : beside;
    }

    public IEnumerable<string> Lines() => _keys.Select(key => string.Join('\t', key.Value.Prepend(key.Key)));

    internal static Keyboard Of(IReadOnlyList<LexiconLine> lines)
    {
        var keyboard = new Keyboard();
        foreach (var line in lines)
            if (line.Fields.Any(key => !IsCharacter(key)) || !keyboard._keys.TryAdd(line.Fields[0], line.Fields[1..]))
                throw line.Fault("is no key with its neighbours, or one that stood there before");
        return keyboard;
    }

    internal static Keyboard Read(string path)
    {
        var keyboard = new Keyboard();
        foreach (var (key, beside) in WordObject.Read(path))
            if (beside.Prepend(key).FirstOrDefault(one => !IsCharacter(one)) is { } wrong)
                throw new Contracts.BadInputException($"{path}: key '{key}': '{wrong}' is not one character");
            else
                keyboard._keys[key] = [.. beside];
        return keyboard;
    }

    private static Keyboard OfRows(params (string Keys, double From)[] rows)
    {
        var places = rows.SelectMany(
                (row, line) => row.Keys.Select((key, at) => (Key: key.ToString(), X: row.From + at, Y: (double)line))
            )
            .ToList();
        var keyboard = new Keyboard();
        foreach (var (key, x, y) in places)
            keyboard._keys[key] =
            [
                .. places
                    .Where(other => other.Key != key && Math.Pow(other.X - x, 2) + Math.Pow(other.Y - y, 2) <= 1.5625)
                    .Select(other => other.Key),
            ];
        return keyboard;
    }

    private static bool IsCharacter(string key) =>
        Rune.DecodeFromUtf16(key, out _, out var length) == default && length == key.Length;
}
