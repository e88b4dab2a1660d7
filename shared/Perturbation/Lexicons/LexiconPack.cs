using System.Text;
using TransferPipeline.Contracts;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>
/// A pack as a file: a first line with its kind, then lines of fields between tabs, in an order of their own, so that equal
/// content has equal bytes.
/// </summary>
public static class LexiconPack
{
    private const string Mark = "transfer-lexicon";
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads a source of that kind and writes it as a pack.</summary>
    /// <exception cref="BadInputException">Names the file and the line that is wrong.</exception>
    public static ILexicon Import(LexiconKind kind, string path, Stream to)
    {
        var lexicon = Read(kind, path);
        Write(lexicon, to);
        return lexicon;
    }

    /// <summary>Reads a source of that kind.</summary>
    /// <exception cref="BadInputException">Names the file and the line that is wrong.</exception>
    public static ILexicon Read(LexiconKind kind, string path)
    {
        if (kind is LexiconKind.WordNet)
            return WordNetFolder.Read(path);
        if (!File.Exists(path))
            throw new BadInputException(
                $"{path}: {(Directory.Exists(path) ? "is a folder" : "no such file")}; expected {LexiconKinds.SourceOf(kind)}"
            );
        ILexicon lexicon = kind switch
        {
            LexiconKind.Neighbours => NeighbourLists.Read(path),
            LexiconKind.StopWords => StopWords.Of(WordLines(path)),
            LexiconKind.Names => NameLists.Of(FieldLines(path)),
            _ => Keyboard.Read(path),
        };
        return lexicon.Count > 0
            ? lexicon
            : throw new BadInputException($"{path}: is empty; expected {LexiconKinds.SourceOf(kind)}");
    }

    /// <summary>Writes a lexicon as a pack.</summary>
    public static void Write(ILexicon lexicon, Stream to)
    {
        using var writer = new StreamWriter(to, Utf8, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"{Mark}\t{LexiconKinds.NameOf(lexicon.Kind)}");
        foreach (var line in lexicon.Lines())
            writer.WriteLine(line);
    }

    /// <summary>Opens a pack.</summary>
    /// <exception cref="BadInputException">The file is no pack, or a damaged one.</exception>
    public static ILexicon Open(string path)
    {
        using var file = File.OpenRead(path);
        return Open(file, path);
    }

    /// <summary>Opens a pack; <paramref name="name"/> stands in messages.</summary>
    /// <exception cref="BadInputException">The stream holds no pack, or a damaged one.</exception>
    public static ILexicon Open(Stream from, string name)
    {
        var lines = FieldLines(from, name);
        if (lines is not [{ Fields: [Mark, var kind] }, .. var rest])
            throw new BadInputException(
                $"{name}: is no pack of words; expected one that `transfer lexicons import` made"
            );
        return LexiconKinds.Parse(kind) switch
        {
            LexiconKind.WordNet => WordNet.Of(rest),
            LexiconKind.Neighbours => NeighbourLists.Of(rest),
            LexiconKind.StopWords => StopWords.Of(rest),
            LexiconKind.Names => NameLists.Of(rest),
            _ => Keyboard.Of(rest),
        };
    }

    internal static List<LexiconLine> FieldLines(string path)
    {
        using var file = File.OpenRead(path);
        return FieldLines(file, path);
    }

    private static List<LexiconLine> FieldLines(Stream from, string name)
    {
        var lines = new List<LexiconLine>();
        var number = 0;
        using var reader = new StreamReader(from, Utf8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        try
        {
            for (; reader.ReadLine() is { } line; number++)
                if (line.Length > 0)
                    lines.Add(new(name, number + 1, line.Split('\t')));
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException($"{name}: line {number + 1} or behind: is not UTF-8");
        }
        return lines;
    }

    /// <summary>Lines of one word; blanks around it and empty lines are passed over.</summary>
    private static List<LexiconLine> WordLines(string path) =>
        [
            .. FieldLines(path)
                .Select(line => line with { Fields = [string.Join('\t', line.Fields).Trim()] })
                .Where(line => line.Fields[0].Length > 0),
        ];
}

/// <summary>A resource of words.</summary>
public interface ILexicon
{
    LexiconKind Kind { get; }

    /// <summary>Words, keys or names that it holds.</summary>
    int Count { get; }

    /// <summary>The lines of its pack, without the first.</summary>
    IEnumerable<string> Lines();
}

/// <summary>A line of a pack or of the file that it is made from.</summary>
/// <param name="Number">From 1 on.</param>
internal sealed record LexiconLine(string Path, int Number, string[] Fields)
{
    public BadInputException Fault(string expected) =>
        new($"{Path}: line {Number}: '{string.Join(' ', Fields)}' {expected}");
}
