namespace TransferPipeline.Modelling.Tokenization;

/// <summary>Turns text into the ids a model was trained with; safe for several threads.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids.</summary>
    int VocabularySize { get; }

    int PadId { get; }

    /// <summary>The id that hides a token in masked-language modelling; null where the vocabulary has none.</summary>
    int? MaskId { get; }

    /// <summary>The id between two texts of a causal language model; null where the vocabulary has none.</summary>
    int? EndId { get; }

    /// <summary>Whether this token goes on with the word of the token before it.</summary>
    bool Continues(int id);

    /// <summary>A token as its vocabulary writes it; nothing for an id that is not used.</summary>
    string TokenOf(int id);

    /// <summary>What a token stands for, without marks and blanks of the vocabulary; nothing for one that stands for no text.</summary>
    string TextOf(int id);

    /// <summary>Ids that stand for no text; never masked, never drawn.</summary>
    IReadOnlySet<int> SpecialIds { get; }

    /// <summary>The most tokens its model was made for.</summary>
    int ModelMaxTokens { get; }

    /// <summary>
    /// Ids with special tokens, at most <paramref name="maxTokens"/>: what is too much is cut from the right, of a pair
    /// from whichever text is longer.
    /// </summary>
    TokenSequence Encode(string text, string? second, int maxTokens);

    /// <summary>How many tokens of a text, or a pair, are cut off where at most so many are read.</summary>
    int CutOff(string text, string? second, int maxTokens)
    {
        const int noLimit = int.MaxValue / 2;
        return Math.Max(0, Encode(text, second, noLimit).Length - maxTokens);
    }

    /// <summary>All pieces of a text, each with its place in it; without special tokens, and not cut.</summary>
    IReadOnlyList<TokenSpan> Spans(string text);

    /// <summary>Special tokens around the pieces of a text, or of two.</summary>
    TokenSequence Wrap(IReadOnlyList<int> first, IReadOnlyList<int>? second = null);

    /// <summary>How many tokens <see cref="Wrap"/> adds.</summary>
    int SpecialCount(bool pair);

    /// <summary>How many of them stand before the first text.</summary>
    int SpecialBefore { get; }

    /// <summary>Writes the tokenizer's files as Transformers reads them.</summary>
    /// <param name="maxTokens">The most tokens the model beside it was made for; left out, as it was.</param>
    void Save(string folder, int? maxTokens = null);
}
