using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>For each word the words nearest to it, the nearest first.</summary>
public sealed class NeighbourLists : ILexicon
{
    private readonly Dictionary<string, string[]> _lists = [];

    private NeighbourLists() { }

    public LexiconKind Kind => LexiconKind.Neighbours;

    public int Count => _lists.Count;

    /// <summary>The neighbours of a word as it is written, else of it in lower case; none where the word is unknown.</summary>
    public IReadOnlyList<string> Of(string word) =>
        _lists.TryGetValue(word, out var found) || _lists.TryGetValue(word.ToLowerInvariant(), out found) ? found : [];

    public IEnumerable<string> Lines() =>
        _lists
            .OrderBy(list => list.Key, StringComparer.Ordinal)
            .Select(list => string.Join('\t', list.Value.Prepend(list.Key)));

    internal static NeighbourLists Of(IReadOnlyList<LexiconLine> lines)
    {
        var lists = new NeighbourLists();
        foreach (var line in lines)
            if (line.Fields.Any(string.IsNullOrEmpty) || !lists._lists.TryAdd(line.Fields[0], line.Fields[1..]))
                throw line.Fault("is no word with its neighbours, or one that stood there before");
        return lists;
    }

    internal static NeighbourLists Read(string path)
    {
        var lists = new NeighbourLists();
        foreach (var (word, neighbours) in WordObject.Read(path))
            if (neighbours.Count > 0)
                lists._lists[word] = [.. neighbours.Distinct().Where(neighbour => neighbour != word)];
        return lists;
    }
}

/// <summary>A JSON file that is an object of lists of words.</summary>
internal static class WordObject
{
    private static readonly char[] Breaks = ['\t', '\r', '\n'];

    public static IEnumerable<(string Word, IReadOnlyList<string> Others)> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var lists = new List<(string, IReadOnlyList<string>)>();
        var known = new HashSet<string>();
        var reader = new Utf8JsonReader(bytes);
        try
        {
            Expect(ref reader, JsonTokenType.StartObject, "an object");
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var word = Word(ref reader);
                if (!known.Add(word))
                    throw Fault(ref reader, $"'{word}' stood there before");
                Expect(ref reader, JsonTokenType.StartArray, $"a list for '{word}'");
                var others = new List<string>();
                while (reader.Read() && reader.TokenType is JsonTokenType.String)
                    others.Add(Word(ref reader));
                if (reader.TokenType is not JsonTokenType.EndArray)
                    throw Fault(ref reader, $"expected words in the list of '{word}'");
                lists.Add((word, others));
            }
            if (reader.Read())
                throw Fault(ref reader, "expected nothing behind the object");
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{path}: line {exception.LineNumber + 1}: not JSON ({exception.Message})");
        }
        return lists;

        string Word(ref Utf8JsonReader at)
        {
            var word = at.GetString()!;
            return word.Length > 0 && word.IndexOfAny(Breaks) < 0
                ? word
                : throw Fault(ref at, "expected a word, found an empty one, tabs or line breaks");
        }

        void Expect(ref Utf8JsonReader at, JsonTokenType type, string what)
        {
            if (!at.Read() || at.TokenType != type)
                throw Fault(ref at, $"expected {what}");
        }

        BadInputException Fault(ref Utf8JsonReader at, string what) =>
            new($"{path}: line {bytes.AsSpan(0, (int)at.TokenStartIndex).Count((byte)'\n') + 1}: {what}");
    }
}
