using TransferPipeline.Datasets;

namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>Makes edited copies of texts.</summary>
internal interface IRewriting : IDisposable
{
    /// <summary>Copies of one text, or of one of a pair; equal to it where nothing could be edited.</summary>
    IReadOnlyList<string> Copies(string text, int copies, double rate, SeededRandom random);
}
