namespace TransferPipeline.Modelling.Training;

/// <summary>Learns from text alone.</summary>
public interface ILanguageTask : ITrainingTask
{
    /// <summary>
    /// How well the model foretells what it was not trained on, always in the same way; in evaluation mode. The model's
    /// own training text is used where nothing was held out.
    /// </summary>
    LanguageScore Measure(CancellationToken stop);
}
