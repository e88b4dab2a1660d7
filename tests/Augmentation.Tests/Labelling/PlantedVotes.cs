using TransferPipeline.Augmentation.Labelling.Votes;
using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Tests.Labelling;

/// <summary>Votes that are independent given the label, of functions whose accuracies are known.</summary>
internal sealed class PlantedVotes
{
    private readonly SeededRandom _random;

    /// <param name="coverage">How often a function votes.</param>
    public PlantedVotes(int rows, double[] balance, double[] accuracies, double coverage = 0.7, long seed = 13)
    {
        _random = new SeededRandom(seed, "planted votes");
        Truth = new int[rows];
        Table = new VoteTable(
            [.. accuracies.Select((_, function) => $"f{function}")],
            [.. balance.Select((_, label) => $"label {label}")],
            rows
        );
        var (votes, right) = (new double[accuracies.Length], new double[accuracies.Length]);
        for (var row = 0; row < rows; row++)
        {
            Truth[row] = Draw(balance);
            for (var function = 0; function < accuracies.Length; function++)
            {
                if (_random.NextDouble() >= coverage)
                    continue;
                var isRight = _random.NextDouble() < accuracies[function];
                Table[row, function] = (sbyte)(
                    isRight ? Truth[row] : (Truth[row] + 1 + _random.Next(balance.Length - 1)) % balance.Length
                );
                votes[function]++;
                right[function] += isRight ? 1 : 0;
            }
        }
        Accuracies = [.. right.Select((count, function) => count / votes[function])];
    }

    public VoteTable Table { get; }

    public int[] Truth { get; }

    /// <summary>As they turned out.</summary>
    public double[] Accuracies { get; }

    /// <summary>Ten functions from barely to very accurate.</summary>
    public static double[] Ten { get; } = [0.55, 0.6, 0.65, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    private int Draw(double[] shares)
    {
        var at = _random.NextDouble();
        for (var label = 0; label < shares.Length - 1; label++)
            if ((at -= shares[label]) < 0)
                return label;
        return shares.Length - 1;
    }
}
