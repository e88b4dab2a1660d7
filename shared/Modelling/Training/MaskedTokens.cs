using TransferPipeline.Modelling.Heads;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// BERT's masked-language-model corruption (Devlin et al., 2019, section 3.1): of the chosen tokens 80 % become
/// <c>[MASK]</c>, 10 % a random token of the vocabulary, 10 % stay as they are.
/// </summary>
/// <param name="rate">Chance of each token to be chosen.</param>
/// <param name="special">Ids that stand for no text: never chosen, never drawn.</param>
public sealed class MaskedTokens(double rate, int mask, int vocabulary, IReadOnlySet<int> special)
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
        var ordinary = new List<int>(tokens.Length);
        for (var i = 0; i < tokens.Length; i++)
        {
            if (special.Contains(tokens[i]))
                continue;
            ordinary.Add(i);
            if (random.NextDouble() < rate)
                Predict(i, tokens, labels, random);
        }

        if (ordinary.Count > 0 && labels.All(label => label == Ignored))
            Predict(ordinary[random.NextInt(ordinary.Count)], tokens, labels, random);
        return labels;
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
