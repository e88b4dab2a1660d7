using TransferPipeline.Datasets;

namespace TransferPipeline.Training.Pretraining;

/// <summary>Cuts texts into sentences: after a full stop, a question or exclamation mark, or at the end of a line.</summary>
internal static class Sentences
{
    /// <summary>The sentences of an example in order; those of a second text follow the first's.</summary>
    public static IReadOnlyList<string> Of(Example example) =>
        example.TextB is null ? Of(example.Text) : [.. Of(example.Text), .. Of(example.TextB)];

    public static IReadOnlyList<string> Of(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends = text[i] is '\n' || (text[i] is '.' or '!' or '?' && IsBlankAfter(text, i));
            if (!ends)
                continue;
            Add(text[start..(i + 1)]);
            start = i + 1;
        }
        Add(text[start..]);
        return sentences;

        void Add(string piece)
        {
            var sentence = piece.Trim();
            if (sentence.Any(char.IsLetterOrDigit))
                sentences.Add(sentence);
            else if (sentence.Length > 0 && sentences.Count > 0)
                sentences[^1] += " " + sentence;
        }
    }

    private static bool IsBlankAfter(string text, int i) => i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]);
}
