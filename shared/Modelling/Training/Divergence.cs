using System.Globalization;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Training;

/// <summary>What is said of a training whose figures are no numbers any more.</summary>
internal static class Divergence
{
    private const int Shown = 64;

    /// <param name="update">From 1.</param>
    /// <param name="batch">What its examples are called.</param>
    public static BadInputException Of(
        string what,
        double figure,
        long update,
        long updates,
        double rate,
        IReadOnlyList<string> batch
    )
    {
        var examples = string.Join(", ", batch.Take(Shown));
        var others = batch.Count > Shown ? $" and {batch.Count - Shown} others" : "";
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"update {update} of {updates}: the {what} is {figure}, expected a finite number; learning rate {rate:0.###e-0}, examples {examples}{others}. "
            ) + "Nothing is saved; a smaller learningRate or clipNorm, or a longer warmUp, may help."
        );
    }
}
