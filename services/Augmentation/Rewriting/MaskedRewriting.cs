using System.Text;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>
/// Hides a share of the words and puts in their places others that a masked language model foretells: words of the dataset, each
/// as likely as the model says among its likeliest.
/// </summary>
internal sealed class MaskedRewriting(HiddenWords model, IEnumerable<string> texts) : IRewriting
{
    private const int Likeliest = 10;

    private readonly SortedDictionary<int, string> _vocabulary = Vocabulary(model, texts);

    public IReadOnlyList<string> Copies(string text, int copies, double rate, SeededRandom random) =>
        [.. Enumerable.Range(0, copies).Select(_ => Copy(text, rate, random))];

    public void Dispose() => model.Dispose();

    private string Copy(string text, double rate, SeededRandom random)
    {
        var words = model.Words(text).ToArray();
        random.Shuffle<(int, TokenSpan)>(words);
        var count = Math.Min(words.Length, Math.Max(1, (int)(rate * words.Length)));
        var hidden = words.Take(count).OrderBy(word => word.Piece).ToArray();
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

    private string? Draw(float[] logits, int old, SeededRandom random)
    {
        int[] best =
        [
            .. _vocabulary
                .Keys.Where(token => token != old)
                .OrderByDescending(token => logits[token])
                .ThenBy(token => token)
                .Take(Likeliest),
        ];
        if (best.Length == 0)
            return null;
        var shares = Array.ConvertAll(best, token => Math.Exp(logits[token] - logits[best[0]]));
        var rest = (random.Next() >> 11) * (1.0 / (1UL << 53)) * shares.Sum();
        var at = 0;
        while (at < best.Length - 1 && (rest -= shares[at]) >= 0)
            at++;
        return _vocabulary[best[at]];
    }

    private static SortedDictionary<int, string> Vocabulary(HiddenWords model, IEnumerable<string> texts)
    {
        var words = new SortedDictionary<int, string>();
        foreach (var text in texts)
        foreach (var (_, span) in model.Words(text))
            words.TryAdd(span.Id, text[span.Start..span.End]);
        return words;
    }
}
