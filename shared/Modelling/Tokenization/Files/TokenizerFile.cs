using System.Text.Json;
using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization.Files;

/// <summary>
/// <c>tokenizer.json</c>, which holds a whole tokenizer: read where it is one that vocabulary files could hold too, BERT's
/// pieces of words or GPT-2's and RoBERTa's pairs of bytes, and refused by the name of what is different where it is not.
/// </summary>
/// <remarks>
/// What <c>tokenizer_config.json</c> says of case, accents, Chinese characters and the space before a text goes before what
/// stands here, as in Transformers. Padding, truncation and the decoder are not read.
/// </remarks>
internal static class TokenizerFile
{
    public const string FileName = "tokenizer.json";

    /// <param name="padId">The padding of the model's own configuration, where it names one.</param>
    /// <exception cref="BadInputException">It is damaged, or of a kind that is not known.</exception>
    public static ITokenizer Open(string folder, TokenizerConfig config, int? padId)
    {
        var path = Path.Combine(folder, FileName);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path), new() { AllowDuplicateProperties = false });
        }
        catch (JsonException exception)
        {
            // A key that is there twice comes without its place.
            var place = exception.LineNumber is { } line
                ? $"line {line + 1}, column {exception.BytePositionInLine + 1}: "
                : "";
            throw new BadInputException($"{path}: {place}{exception.Message}");
        }
        using (document)
        {
            var root = new JsonPart(path, "", document.RootElement);
            return Kind(root["model"]) switch
            {
                "WordPiece" => WordPieceFile.Read(root, config),
                "BPE" => BytePairFile.Read(root, config, padId),
                _ => throw root["model"]["type"].Refuse("WordPiece or BPE"),
            };
        }
    }

    /// <summary>Files of old versions do not name it.</summary>
    private static string? Kind(JsonPart model) =>
        !model["type"].IsMissing ? model["type"].Text
        : !model["merges"].IsMissing ? "BPE"
        : !model["max_input_chars_per_word"].IsMissing ? "WordPiece"
        : null;
}
