using TransferPipeline.Modelling.Checkpoints;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>What a model takes to be kept and to be asked.</summary>
/// <param name="Parameters">Numbers that its files hold as tensors.</param>
/// <param name="Bytes">Of all of its files.</param>
/// <param name="Texts">How many it read.</param>
/// <param name="Seconds">Time it took for them.</param>
internal sealed record ScoringCost(long Parameters, long Bytes, int Texts, double Seconds)
{
    /// <summary>What an output calls the artefact that holds one for each model. Times have no part in its rows.</summary>
    public const string File = "costs.json";

    public double? TextsPerSecond => Seconds > 0 ? Texts / Seconds : null;

    public static ScoringCost Of(ScoredPart part)
    {
        string[] files = [.. Directory.EnumerateFiles(part.Folder, "*", SearchOption.AllDirectories)];
        return new(
            files
                .Where(file => file.EndsWith(".safetensors", StringComparison.Ordinal))
                .SelectMany(SafetensorsFile.Open)
                .Sum(tensor => tensor.Shape.Aggregate(1L, (product, length) => product * length)),
            files.Sum(Length),
            part.Examples.Length,
            part.Predicting.TotalSeconds
        );
    }

    // A model's files are links to what the store holds.
    private static long Length(string file) =>
        new FileInfo(System.IO.File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file).Length;
}
