using System.Globalization;
using TransferPipeline.Contracts;

namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>A dictionary folder of WordNet 3.x, in the layout that wndb(5WN) describes.</summary>
internal static class WordNetFolder
{
    private static readonly (char Letter, string Name)[] Files =
    [
        ('n', "noun"),
        ('v', "verb"),
        ('a', "adj"),
        ('r', "adv"),
    ];

    /// <exception cref="BadInputException">Names the file and the line that is wrong.</exception>
    public static WordNet Read(string folder)
    {
        string[] needed = [.. Files.SelectMany(file => new[] { $"data.{file.Name}", $"index.{file.Name}" })];
        var missing = needed.Where(name => !File.Exists(Path.Combine(folder, name))).ToList();
        if (missing.Count > 0)
            throw new BadInputException(
                $"{folder}: {string.Join(", ", missing)} missing; expected {LexiconKinds.SourceOf(LexiconKind.WordNet)}"
            );
        var wordNet = new WordNet();
        foreach (var (letter, name) in Files)
        {
            var words = wordNet.Class(letter);
            ReadSenses(Path.Combine(folder, $"data.{name}"), words);
            ReadIndex(Path.Combine(folder, $"index.{name}"), words);
            if (Path.Combine(folder, $"{name}.exc") is var exceptions && File.Exists(exceptions))
                ReadExceptions(exceptions, words);
        }
        return wordNet;
    }

    /// <summary>offset, file, class, words with a hexadecimal count, pointers with a decimal one, then the gloss.</summary>
    private static void ReadSenses(string path, WordNet.WordClass into)
    {
        var opposites = new List<(LexiconLine Line, string Word, int Sense, int Number)>();
        foreach (var line in Lines(path))
        {
            if (line.Fields is not [var offset, _, _, var hexadecimal, ..] || !Whole(offset, out var sense))
                throw line.Fault("is no sense; expected an offset, a file, a class and words");
            if (
                !int.TryParse(hexadecimal, NumberStyles.HexNumber, null, out var count)
                || line.Fields.Length < 5 + 2 * count
            )
                throw line.Fault($"is cut off; expected {hexadecimal} words (hexadecimal)");
            var words = new string[count];
            for (var word = 0; word < count; word++)
                words[word] = WithoutPlace(line.Fields[4 + 2 * word]);
            into.Words[sense] = words;
            ReadPointers(line, 4 + 2 * count, words, opposites);
        }
        foreach (var (line, word, sense, number) in opposites)
        {
            if (!into.Words.TryGetValue(sense, out var words) || number > words.Length)
                throw line.Fault($"points to the sense {sense}, which is not there");
            into.Opposites.Add((word.ToLowerInvariant(), words[number - 1].ToLowerInvariant()));
        }
    }

    /// <summary>Keeps what points from one word to its opposite (<c>!</c>).</summary>
    private static void ReadPointers(
        LexiconLine line,
        int at,
        string[] words,
        List<(LexiconLine, string, int, int)> opposites
    )
    {
        if (!Whole(line.Fields[at], out var count) || line.Fields.Length < at + 1 + 4 * count)
            throw line.Fault($"is cut off; expected {line.Fields[at]} pointers");
        for (at++; count-- > 0; at += 4)
        {
            if (line.Fields[at] != "!" || !Whole(line.Fields[at + 1], out var sense))
                continue;
            if (
                !int.TryParse(line.Fields[at + 3], NumberStyles.HexNumber, null, out var ends)
                || ends >> 8 > words.Length
            )
                throw line.Fault($"has a wrong pointer '{line.Fields[at + 3]}'");
            if (ends is not 0)
                opposites.Add((line, words[(ends >> 8) - 1], sense, ends & 255));
        }
    }

    /// <summary>word, class, senses, pointers with their signs, senses again, tagged senses, offsets.</summary>
    private static void ReadIndex(string path, WordNet.WordClass into)
    {
        foreach (var line in Lines(path))
        {
            if (
                line.Fields is not [var word, _, var senses, var pointers, ..]
                || !Whole(senses, out var count)
                || !Whole(pointers, out var signs)
                || line.Fields.Length != 6 + signs + count
            )
                throw line.Fault("is no entry; expected a word, a class, counts and offsets");
            var offsets = new int[count];
            for (var sense = 0; sense < count; sense++)
                if (
                    !Whole(line.Fields[6 + signs + sense], out offsets[sense])
                    || !into.Words.ContainsKey(offsets[sense])
                )
                    throw line.Fault($"points to the sense {line.Fields[6 + signs + sense]}, which is not there");
            into.Senses[word] = offsets;
        }
    }

    private static void ReadExceptions(string path, WordNet.WordClass into)
    {
        foreach (var line in Lines(path))
            into.Exceptions[line.Fields[0]] =
                line.Fields.Length > 1 ? line.Fields[1..] : throw line.Fault("is no form with its words");
    }

    /// <summary>Lines that begin with two spaces are the licence.</summary>
    private static IEnumerable<LexiconLine> Lines(string path) =>
        File.ReadLines(path)
            .Select((line, at) => (Line: line, Number: at + 1))
            .Where(one => one.Line.Length > 0 && !one.Line.StartsWith("  ", StringComparison.Ordinal))
            .Select(one => new LexiconLine(
                path,
                one.Number,
                one.Line.Split(" | ", 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            ));

    /// <summary>An adjective may say where it stands: <c>ready_to_hand(p)</c>.</summary>
    private static string WithoutPlace(string word) =>
        word.EndsWith(')') && word.LastIndexOf('(') is > 0 and var at ? word[..at] : word;

    private static bool Whole(string field, out int number) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
