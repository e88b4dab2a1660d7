using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>What a language model can be taught; each under the name that <c>objective</c> has in a scenario.</summary>
internal interface IPretrainingObjective
{
    string Name { get; }

    /// <exception cref="Contracts.BadInputException">The model or the texts do not suit.</exception>
    ObjectiveInUse Open(PretrainingJob job);
}

/// <summary>A model with its task, to be disposed.</summary>
/// <param name="NewWeights">Names of weights that the checkpoint lacked.</param>
/// <param name="Save">Writes configuration and weights into a folder.</param>
/// <param name="Scores">What the measurement is called in the model's card.</param>
internal sealed record ObjectiveInUse(
    ILanguageTask Task,
    Encoder Encoder,
    IReadOnlyList<string> NewWeights,
    Action<string> Save,
    Func<LanguageScore, IEnumerable<(string Name, double Value)>> Scores
) : IDisposable
{
    public void Dispose() => Task.Model.Dispose();
}
