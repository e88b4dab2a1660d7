using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Benchmarks.Training;

/// <summary>Keeps nothing: what is measured is never resumed.</summary>
internal sealed class NoCheckpoints : ITrainingCheckpoints
{
    public string Scratch => Path.GetTempPath();

    public void Save(long update, string folder) { }

    public long? Restore(string folder) => null;
}
