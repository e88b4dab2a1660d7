using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// BERT's pairs (Devlin et al. 2019, section 3.1): of half of them the second text is what follows the first in its
/// document, of the others it comes from another document.
/// </summary>
/// <param name="documents">Sentences of each document, at least two.</param>
public sealed class FollowingTexts(IReadOnlyList<IReadOnlyList<string>> documents, ITokenizer tokenizer, int maxTokens)
{
    private const double Random = 0.5;

    public int Count => documents.Count;

    /// <summary>Tokens of each document, special ones included, for batches of similar length.</summary>
    public IReadOnlyList<int> Lengths { get; } =
    [
        .. documents.Select(document =>
            tokenizer.Encode(Joined(document, 0, 1), Joined(document, 1, document.Count), maxTokens).Length
        ),
    ];

    /// <summary>A pair that begins in a document, cut at a sentence that is drawn.</summary>
    public (TokenSequence Pair, bool Follows) Draw(int document, CounterRandom random)
    {
        var own = documents[document];
        var cut = 1 + random.NextInt(own.Count - 1);
        var follows = random.NextDouble() >= Random;
        var second = Joined(own, cut, own.Count);
        if (!follows)
        {
            // Any but its own.
            var other = documents[(document + 1 + random.NextInt(documents.Count - 1)) % documents.Count];
            second = Joined(other, random.NextInt(other.Count), other.Count);
        }
        return (tokenizer.Encode(Joined(own, 0, cut), second, maxTokens), follows);
    }

    private static string Joined(IReadOnlyList<string> sentences, int from, int to) =>
        string.Join(' ', sentences.Skip(from).Take(to - from));
}
