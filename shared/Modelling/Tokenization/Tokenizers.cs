using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Tokenization.Files;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>Tokenizers by the files that a folder holds.</summary>
public static class Tokenizers
{
    /// <summary>Every file that a tokenizer may be made of, or that Transformers keeps beside it.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
    [
        Tokenization.WordPiece.VocabularyFile,
        BytePairFiles.VocabularyFile,
        BytePairFiles.MergesFile,
        TokenizerConfig.FileName,
        TokenizerFile.FileName,
        "special_tokens_map.json",
    ];

    /// <summary>The tokenizer in a folder in Hugging Face layout; vocabulary files go before <c>tokenizer.json</c>.</summary>
    /// <exception cref="BadInputException">Its files are missing or wrong.</exception>
    public static ITokenizer Open(string folder)
    {
        var words = Path.Combine(folder, Tokenization.WordPiece.VocabularyFile);
        if (File.Exists(words))
            return new Tokenization.WordPiece(File.ReadAllLines(words), TokenizerConfig.Open(folder), words);
        if (!File.Exists(Path.Combine(folder, BytePairFiles.VocabularyFile)))
            return File.Exists(Path.Combine(folder, TokenizerFile.FileName))
                ? TokenizerFile.Open(folder, TokenizerConfig.Open(folder), PadId(folder))
                : throw new BadInputException(
                    $"{folder}: holds no {Tokenization.WordPiece.VocabularyFile}, no {BytePairFiles.VocabularyFile} and no {TokenizerFile.FileName}."
                );
        var files = BytePairFiles.Open(folder);
        var config = TokenizerConfig.Open(folder);
        return new BytePair(files, config, BytePairForm.Of(config, files), PadId(folder));
    }

    /// <summary>The padding of the model in the same folder; null where there is none, or it names none.</summary>
    private static int? PadId(string folder) =>
        File.Exists(Path.Combine(folder, ConfigFile.FileName))
        && ConfigFile.Open(folder).NumberOrNull("pad_token_id", 0, int.MaxValue) is { } id
            ? (int)id
            : null;

    /// <summary>A WordPiece tokenizer with this vocabulary, special tokens included.</summary>
    /// <param name="vocabulary">Path of a file with one token a line.</param>
    public static ITokenizer WordPiece(string vocabulary, bool lowerCase, int maxTokens) =>
        new Tokenization.WordPiece(
            File.ReadAllLines(vocabulary),
            TokenizerConfig.New(lowerCase, maxTokens),
            vocabulary
        );
}
