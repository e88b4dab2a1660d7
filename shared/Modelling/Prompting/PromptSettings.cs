using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>What a language model needs beside its own files to tell labels apart: <c>prompt.json</c>.</summary>
/// <param name="Labels">Names in output order.</param>
/// <param name="LabelWords">A word for each.</param>
/// <param name="MaxTokens">Tokens read of a prompt.</param>
/// <param name="Demonstrations">Sets of demonstrations that a text is scored with, their logits averaged; 0 for none.</param>
/// <param name="Seed">Of what demonstrates.</param>
/// <param name="Examples">What may demonstrate; none where nothing does.</param>
public sealed record PromptSettings(
    string Template,
    IReadOnlyList<string> Labels,
    IReadOnlyDictionary<string, string> LabelWords,
    int MaxTokens,
    int Demonstrations,
    long Seed,
    IReadOnlyList<LabelledText> Examples
)
{
    public const string FileName = "prompt.json";

    /// <summary>Whether a folder holds a language model that is used through a prompt.</summary>
    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <exception cref="BadInputException">The file is damaged.</exception>
    public static PromptSettings Open(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var read = JsonSerializer.Deserialize<PromptSettings>(File.ReadAllBytes(path), WireFormat.Options);
            return read is { Template: not null, Labels: not null, LabelWords: not null, Examples: not null }
                ? read
                : throw new BadInputException($"{path}: expected template, labels, labelWords and examples.");
        }
        catch (JsonException exception)
        {
            throw new BadInputException(
                $"{path}: line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {exception.Message}"
            );
        }
    }

    public void Save(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(this, WireFormat.Readable) + "\n");
}

/// <summary>A text, or a pair, and the number of its label.</summary>
public sealed record LabelledText(string First, string? Second, int Label)
{
    internal ModelText Text => new(First, Second);
}
