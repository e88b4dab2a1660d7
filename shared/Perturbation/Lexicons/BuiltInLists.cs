namespace TransferPipeline.Perturbation.Lexicons;

/// <summary>Lists written for this project, used where no pack of their kind is given.</summary>
internal static class BuiltInLists
{
    private static readonly Lazy<StopWords> LazyStopWords = new(() => StopWords.Of(Lines("stop-words.txt")));
    private static readonly Lazy<NameLists> LazyNames = new(() => NameLists.Of(Lines("names.txt")));

    public static StopWords StopWords => LazyStopWords.Value;
    public static NameLists Names => LazyNames.Value;

    private static List<LexiconLine> Lines(string name)
    {
        using var stream = typeof(BuiltInLists).Assembly.GetManifestResourceStream(typeof(BuiltInLists), name)!;
        using var reader = new StreamReader(stream);
        var lines = new List<LexiconLine>();
        while (reader.ReadLine() is { } line)
            lines.Add(new(name, lines.Count + 1, line.Split('\t')));
        return lines;
    }
}
