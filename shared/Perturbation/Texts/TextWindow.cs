namespace TransferPipeline.Perturbation.Texts;

/// <summary>Some words of a text with what stands between them.</summary>
public static class TextWindow
{
    /// <summary>So many words around one, fewer where the text has no more; all of the text where no number is given.</summary>
    public static string Around(PerturbedText text, int word, int? size) =>
        size is not { } words || text.Words.Count <= words
            ? text.Text
            : Between(text, Math.Clamp(word - (words - 1) / 2, 0, text.Words.Count - words), words);

    /// <summary>From a word on so many words; a line break lies between those of two texts.</summary>
    public static string Between(PerturbedText text, int first, int count)
    {
        if (count <= 0)
            return "";
        return string.Join(
            '\n',
            text.Words.Skip(first)
                .Take(count)
                .GroupBy(span => span.Column)
                .Select(spans => Column(text, spans.Key)[spans.First().Start..spans.Last().End])
        );
    }

    /// <summary>The first or the second text.</summary>
    public static string Column(PerturbedText text, int column) => column == 0 ? text.Model.First : text.Model.Second!;
}
