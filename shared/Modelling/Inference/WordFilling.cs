using System.Text;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Inference;

/// <summary>
/// Words that may be written where others are hidden; a masked language model chooses among them, each of the likeliest as
/// likely as it says.
/// </summary>
public sealed class WordFilling(HiddenWords model)
{
    /// <summary>The choice is among so many.</summary>
    private const int Likeliest = 10;

    private readonly SortedDictionary<int, string> _words = []; // by token

    /// <summary>Takes the whole words of a text among those that may be written.</summary>
    public void Learn(string text)
    {
        foreach (var (_, span) in model.Words(text))
            _words.TryAdd(span.Id, text[span.Start..span.End]);
    }

    /// <summary>A text with some of its words hidden and others written there, where there are others.</summary>
    /// <param name="count">How many of so many words are hidden; no more than there are.</param>
    public string Rewrite(string text, Func<int, int> count, SeededRandom random)
    {
        var words = model.Words(text).ToArray();
        random.Shuffle<(int, TokenSpan)>(words);
        var hidden = words.Take(count(words.Length)).OrderBy(word => word.Piece).ToArray();
        if (hidden.Length == 0)
            return text;

        var said = model.Foretell(text, [.. hidden.Select(word => word.Piece)]);
        var written = new StringBuilder();
        var end = 0;
        foreach (var (word, logits) in hidden.Zip(said))
        {
            written.Append(text, end, word.Span.Start - end);
            written.Append(Draw(logits, word.Span.Id, random) ?? text[word.Span.Start..word.Span.End]);
            end = word.Span.End;
        }
        return written.Append(text, end, text.Length - end).ToString();
    }

    /// <summary>Another word than the old one; null where there is none.</summary>
    private string? Draw(float[] logits, int old, SeededRandom random)
    {
        int[] best =
        [
            .. _words
                .Keys.Where(token => token != old)
                .OrderByDescending(token => logits[token])
                .ThenBy(token => token)
                .Take(Likeliest),
        ];
        if (best.Length == 0)
            return null;
        var shares = Array.ConvertAll(best, token => Math.Exp(logits[token] - logits[best[0]]));
        var rest = random.NextDouble() * shares.Sum();
        var at = 0;
        while (at < best.Length - 1 && (rest -= shares[at]) >= 0)
            at++;
        return _words[best[at]];
    }
}
