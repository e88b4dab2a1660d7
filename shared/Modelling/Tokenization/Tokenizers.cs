using TransferPipeline.Contracts;

namespace TransferPipeline.Modelling.Tokenization;

/// <summary>Tokenizers by the files that a folder holds.</summary>
public static class Tokenizers
{
    /// <summary>The tokenizer in a folder in Hugging Face layout.</summary>
    /// <exception cref="BadInputException">Its files are missing or wrong.</exception>
    public static ITokenizer Open(string folder)
    {
        var vocabulary = Path.Combine(folder, Tokenization.WordPiece.VocabularyFile);
        if (!File.Exists(vocabulary))
            throw new BadInputException($"{folder}: holds no {Tokenization.WordPiece.VocabularyFile}.");
        return new Tokenization.WordPiece(File.ReadAllLines(vocabulary), TokenizerConfig.Open(folder), vocabulary);
    }

    /// <summary>A WordPiece tokenizer with this vocabulary, special tokens included.</summary>
    /// <param name="vocabulary">Path of a file with one token a line.</param>
    public static ITokenizer WordPiece(string vocabulary, bool lowerCase, int maxTokens) =>
        new Tokenization.WordPiece(
            File.ReadAllLines(vocabulary),
            TokenizerConfig.New(lowerCase, maxTokens),
            vocabulary
        );
}
