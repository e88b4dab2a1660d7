namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// Prompt-based fine-tuning (Schick and Schütze 2021; Gao et al. 2021): every weight of a language model moves, and no new
/// one is needed, as its own head says the label by a word.
/// </summary>
internal sealed class Prompted : IFineTuningStrategy
{
    public string Name => "prompt";

    public TrainedModel Train(FineTuningJob job, string folder) => AllWeights.Train(job, folder, PromptFit.Open);
}
