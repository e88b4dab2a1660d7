using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary><c>vocab.json</c> and <c>merges.txt</c>: tokens with their ids, and what is joined, in order.</summary>
internal sealed class BytePairFiles
{
    public const string VocabularyFile = "vocab.json";
    public const string MergesFile = "merges.txt";

    /// <summary>What begins the first line of <c>merges.txt</c>.</summary>
    private const string Version = "#version";

    public BytePairFiles(string path, IReadOnlyDictionary<string, int> ids, IReadOnlyList<string> merges) =>
        (Path, Ids, Merges) = (path, ids, merges);

    /// <summary>Of the vocabulary, for messages.</summary>
    public string Path { get; }
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>Two tokens with a space between.</summary>
    public IReadOnlyList<string> Merges { get; }

    public static BytePairFiles Open(string folder)
    {
        var vocabulary = System.IO.Path.Combine(folder, VocabularyFile);
        var merges = System.IO.Path.Combine(folder, MergesFile);
        if (!File.Exists(merges))
            throw new BadInputException($"{folder}: holds {VocabularyFile}, but no {MergesFile}.");
        var ids = ReadIds(vocabulary);
        return new(vocabulary, ids, ReadMerges(merges, ids));
    }

    public void Write(string folder)
    {
        // What is no letter of ASCII stays readable, as in the files that Transformers writes.
        var options = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        var ids = Ids.OrderBy(token => token.Value).ToDictionary();
        File.WriteAllText(System.IO.Path.Combine(folder, VocabularyFile), JsonSerializer.Serialize(ids, options));
        var lines = Merges.Prepend($"{Version}: 0.2");
        File.WriteAllText(System.IO.Path.Combine(folder, MergesFile), string.Join('\n', lines) + "\n");
    }

    private static Dictionary<string, int> ReadIds(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var reader = new Utf8JsonReader(bytes);
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = new Dictionary<int, string>();
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw Refuse(path, bytes, reader, "expected an object of tokens and their ids");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var token = reader.GetString()!;
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
                    throw Refuse(path, bytes, reader, $"the id of '{token}' is no whole number of at least 0");
                if (!ids.TryAdd(token, id))
                    throw Refuse(path, bytes, reader, $"'{token}' is there already");
                if (!tokens.TryAdd(id, token))
                    throw Refuse(path, bytes, reader, $"'{token}' has id {id}, which '{tokens[id]}' has already");
            }
        }
        catch (JsonException exception)
        {
            throw new BadInputException($"{path}, line {exception.LineNumber + 1}: {exception.Message}");
        }
        return ids;
    }

    private static BadInputException Refuse(string path, byte[] bytes, Utf8JsonReader reader, string reason) =>
        new($"{path}, line {bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1}: {reason}.");

    private static List<string> ReadMerges(string path, Dictionary<string, int> ids)
    {
        var merges = new List<string>();
        var number = 0;
        foreach (var line in File.ReadLines(path, Encoding.UTF8))
        {
            number++;
            if (line.Length == 0 || line.StartsWith(Version, StringComparison.Ordinal))
                continue;
            if (line.Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw new BadInputException($"{path}, line {number}: '{line}' is not two tokens with a space between.");
            foreach (var token in new[] { left, right, left + right })
                if (!ids.ContainsKey(token))
                    throw new BadInputException(
                        $"{path}, line {number}: '{token}' of the merge '{line}' is not in {VocabularyFile}."
                    );
            merges.Add(line);
        }
        return merges;
    }
}
