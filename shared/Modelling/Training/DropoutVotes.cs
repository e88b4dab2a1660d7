namespace TransferPipeline.Modelling.Training;

/// <summary>What several passes with dropout say of texts: their mean, and how far they disagree.</summary>
/// <param name="texts">How many there are.</param>
/// <param name="labels">How many labels are told apart.</param>
public sealed class DropoutVotes(int texts, int labels)
{
    private readonly double[,] _sums = new double[texts, labels];
    private readonly double[,] _squares = new double[texts, labels];
    private readonly double[] _entropies = new double[texts];
    private int _passes;

    /// <summary>Takes a pass: the probabilities of each text.</summary>
    public void Add(IReadOnlyList<float[]> probabilities)
    {
        for (var text = 0; text < texts; text++)
        for (var label = 0; label < labels; label++)
        {
            double p = probabilities[text][label];
            _sums[text, label] += p;
            _squares[text, label] += p * p;
            _entropies[text] += Entropy(p);
        }
        _passes++;
    }

    /// <summary>The probability of a label, averaged over the passes.</summary>
    public double Mean(int text, int label) => _sums[text, label] / _passes;

    /// <summary>Of that probability, over the passes.</summary>
    public double Variance(int text, int label)
    {
        var mean = Mean(text, label);
        return Math.Max(0, _squares[text, label] / _passes - mean * mean);
    }

    /// <summary>The label that is likeliest on average; of several the first.</summary>
    public int Label(int text)
    {
        var best = 0;
        for (var label = 1; label < labels; label++)
            if (_sums[text, label] > _sums[text, best])
                best = label;
        return best;
    }

    /// <summary>
    /// What knowing the weights would tell of the label: the entropy of the mean less the mean of the entropies, in nats
    /// (Houlsby et al. 2011, BALD).
    /// </summary>
    public double Bald(int text)
    {
        var entropy = 0.0;
        for (var label = 0; label < labels; label++)
            entropy += Entropy(Mean(text, label));
        return Math.Max(0, entropy - _entropies[text] / _passes);
    }

    private static double Entropy(double p) => p > 0 ? -p * Math.Log(p) : 0;
}
