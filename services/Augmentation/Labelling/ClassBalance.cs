using System.Globalization;
using TransferPipeline.Contracts;

namespace TransferPipeline.Augmentation.Labelling;

/// <summary>The shares of the labels that a step is given.</summary>
internal static class ClassBalance
{
    private const double Near = 1e-3;

    /// <summary>In the order of the labels; null where none are given.</summary>
    /// <exception cref="BadInputException">A label has no share, or the shares are none.</exception>
    public static double[]? Read(IReadOnlyDictionary<string, string>? given, IReadOnlyList<string> labels)
    {
        if (given is null)
            return null;
        if (given.Keys.Except(labels).Concat(labels.Except(given.Keys)).ToList() is { Count: > 0 } wrong)
            throw new BadInputException(
                $"classBalance: {string.Join(", ", wrong)}: expected a share for each of {string.Join(", ", labels)} and for no other label"
            );
        var shares = labels.Select(label => Share(label, given[label])).ToArray();
        return Math.Abs(shares.Sum() - 1) <= Near
            ? [.. shares.Select(share => share / shares.Sum())]
            : throw new BadInputException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"classBalance: the shares sum to {shares.Sum():0.###}; expected 1"
                )
            );
    }

    private static double Share(string label, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1
            ? share
            : throw new BadInputException($"classBalance: {label} has '{text}'; expected a share between 0 and 1");
}
