namespace TransferPipeline.Training.FineTuning;

/// <summary>One way to fit a pretrained model to a task.</summary>
internal interface IFineTuningStrategy
{
    /// <summary>Its word in a scenario.</summary>
    string Name { get; }

    /// <summary>Trains and leaves the model in an empty folder.</summary>
    TrainedModel Train(FineTuningJob job, string folder);
}

/// <summary>What a strategy has to tell about the model it trained.</summary>
/// <param name="UsedDev">Whether the dev split chose its weights.</param>
/// <param name="Checkpoints">Names and artefact hashes of the weights on the way, where they were to be kept.</param>
/// <param name="UsedUnlabelled">Whether it read the split without labels.</param>
internal sealed record TrainedModel(
    long Updates,
    double Seconds,
    bool UsedDev,
    IReadOnlyDictionary<string, double> Scores,
    IReadOnlyList<string> Notes,
    IReadOnlyDictionary<string, string>? Checkpoints = null,
    bool UsedUnlabelled = false
);
