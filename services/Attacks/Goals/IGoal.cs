using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Attacks.Goals;

/// <summary>What an attack wants of a model.</summary>
public interface IGoal
{
    /// <summary>Whether there is nothing to attack in this example, as the model is wrong about it already.</summary>
    bool Skips(ModelAnswer answer, int label);

    /// <summary>How near a text comes to the goal; the greater the nearer.</summary>
    double Score(ModelAnswer answer, PerturbedText text, int label);

    /// <summary>Whether a text has reached the goal.</summary>
    bool Reached(ModelAnswer answer, PerturbedText text, int label);

    /// <summary>Whether the search goes on to the best text there is, and is never a failure.</summary>
    bool Maximises => false;
}

/// <summary>What a model says about one text.</summary>
/// <param name="Label">The likeliest label's number.</param>
/// <param name="Probabilities">
/// Rounded: what is behind that depends on the other texts of a batch, and no comparison may hang on it. To 1e-5, and the finer
/// the nearer to certainty: there a sure model ranks words by digits further behind, as TextAttack does with all of them.
/// </param>
public sealed record ModelAnswer(int Label, double[] Probabilities)
{
    /// <summary>What it said in words, where labels do not tell it.</summary>
    public string? Said { get; init; }

    public static ModelAnswer Of(float[] output) =>
        new(
            Array.IndexOf(output, output.Max()),
            Array.ConvertAll(output, value => Math.Round((double)value, Digits(value)))
        );

    private static int Digits(float probability) =>
        Math.Min(probability, 1 - probability) switch
        {
            >= 0.01f => 5,
            >= 0.001f => 6,
            _ => 7, // a float has no more beside 1
        };
}
