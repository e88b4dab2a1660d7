namespace TransferPipeline.Modelling.Training;

/// <summary>Keeps the checkpoints of one training.</summary>
public interface ITrainingCheckpoints
{
    /// <summary>A folder for files on their way; whoever owns it clears it after a crash.</summary>
    string Scratch { get; }

    /// <summary>Stores all files of a folder as the newest checkpoint.</summary>
    void Save(long update, string folder);

    /// <summary>Writes the newest readable checkpoint into an empty folder; null where there is none.</summary>
    long? Restore(string folder);
}
