using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Distilling;

/// <summary>What can be taught; each under the name that <c>objective</c> has in a scenario.</summary>
internal interface IDistillation
{
    string Name { get; }

    /// <exception cref="Contracts.BadInputException">Teacher, student or texts do not suit each other.</exception>
    DistillationInUse Open(DistillationJob job);
}

/// <summary>A task with its student, to be disposed.</summary>
/// <param name="Labels">The student's, in output order; none for a language model.</param>
/// <param name="LabelsRead">True labels that the training reads.</param>
/// <param name="Started">Names of the student's weights that started new.</param>
/// <param name="Save">Writes the student into a folder.</param>
/// <param name="Measure">What the student's card says of it.</param>
/// <param name="Teacher">Disposed with it.</param>
internal sealed record DistillationInUse(
    ITrainingTask Task,
    IReadOnlyList<string> Labels,
    int LabelsRead,
    IReadOnlyList<string> Started,
    Action<string> Save,
    Func<CancellationToken, IEnumerable<(string Name, double Value)>> Measure,
    IDisposable? Teacher = null
) : IDisposable
{
    public void Dispose()
    {
        Teacher?.Dispose();
        Task.Model.Dispose();
    }
}
