using TransferPipeline.Modelling.Heads;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// BERT's masked-language-model corruption (Devlin et al., 2019, section 3.1): of the chosen tokens 80 % become
/// <c>[MASK]</c>, 10 % a random token of the vocabulary, 10 % stay as they are.
/// </summary>
/// <param name="rate">Chance of each token to be chosen.</param>
/// <param name="special">Ids that stand for no text: never chosen, never drawn.</param>
/// <param name="continues">
/// Whether a token goes on with the word of the one before; the tokens of a word are then chosen together (BERT's
/// whole-word masking, github.com/google-research/bert, May 2019). Null: each is chosen by itself.
/// </param>
public sealed class MaskedTokens(
    double rate,
    int mask,
    int vocabulary,
    IReadOnlySet<int> special,
    Func<int, bool>? continues = null
)
{
    /// <summary>The label of a token that is not predicted.</summary>
    public const long Ignored = MaskedLanguageModel.Ignored;

    private const double Masked = 0.8;
    private const double Replaced = 0.9;

    /// <summary>Overwrites chosen tokens and returns the labels: the original token, or <see cref="Ignored"/>.</summary>
    /// <remarks>A text with ordinary tokens always has one to predict, so that no batch is without a loss.</remarks>
    public long[] Corrupt(Span<int> tokens, CounterRandom random)
    {
        var labels = new long[tokens.Length];
        Array.Fill(labels, Ignored);
        var words = Words(tokens);
        foreach (var word in words)
            if (random.NextDouble() < rate)
                Predict(word, tokens, labels, random);

        if (words.Count > 0 && labels.All(label => label == Ignored))
            Predict(words[random.NextInt(words.Count)], tokens, labels, random);
        return labels;
    }

    /// <summary>What is chosen as one: the places of a token, or of a word's tokens.</summary>
    private List<Range> Words(ReadOnlySpan<int> tokens)
    {
        var words = new List<Range>(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (special.Contains(tokens[i]))
                continue;
            if (continues is not null && words.Count > 0 && words[^1].End.Value == i && continues(tokens[i]))
                words[^1] = words[^1].Start..(i + 1);
            else
                words.Add(i..(i + 1));
        }
        return words;
    }

    private void Predict(Range word, Span<int> tokens, long[] labels, CounterRandom random)
    {
        for (var i = word.Start.Value; i < word.End.Value; i++)
            Predict(i, tokens, labels, random);
    }

    private void Predict(int position, Span<int> tokens, long[] labels, CounterRandom random)
    {
        labels[position] = tokens[position];
        var fate = random.NextDouble();
        if (fate < Masked)
            tokens[position] = mask;
        else if (fate < Replaced)
            tokens[position] = Ordinary(random);
    }

    private int Ordinary(CounterRandom random)
    {
        int token;
        do token = random.NextInt(vocabulary);
        while (special.Contains(token));
        return token;
    }
}
