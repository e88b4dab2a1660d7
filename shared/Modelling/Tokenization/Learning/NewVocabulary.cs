using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;

namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>A tokenizer that is learnt from texts, of the kind that an architecture reads.</summary>
public static class NewVocabulary
{
    /// <summary>Below this an alphabet and the special tokens may not fit.</summary>
    public const int Smallest = 300;

    private static readonly string[] RobertaSpecial = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"];
    private static readonly string[] Gpt2Special = ["<|endoftext|>"];

    /// <summary>
    /// Writes a folder with the configuration of another, a vocabulary of so many tokens learnt from the texts, and
    /// no weights.
    /// </summary>
    /// <returns>
    /// The tokens learnt: fewer than asked where the texts hold no more pairs that occur twice, more where their letters
    /// alone are more.
    /// </returns>
    public static int Learn(
        string configFolder,
        IEnumerable<string> texts,
        int size,
        string folder,
        CancellationToken stop = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Smallest);
        var config = ConfigFile.Open(configFolder);
        var type = config.Choice("model_type", ["bert", "distilbert", "roberta", "gpt2"]);
        config.ThrowIfBad();

        var learnt = type switch
        {
            "roberta" => ByteLevel(RobertaSpecial, [("bos_token_id", 0), ("pad_token_id", 1), ("eos_token_id", 2)]),
            "gpt2" => ByteLevel(Gpt2Special, [("bos_token_id", 0), ("eos_token_id", 0), ("pad_token_id", null)]),
            _ => Words(),
        };
        config.Set("vocab_size", learnt);
        config.Write(folder);
        return learnt;

        int Words()
        {
            var lowerCase = TokenizerConfig.Open(configFolder).Flag("do_lower_case") ?? true;
            var vocabulary = WordPieceVocabulary.Learn(texts, size, lowerCase, stop);
            var path = Path.Combine(folder, WordPiece.VocabularyFile);
            new WordPiece(vocabulary, TokenizerConfig.New(lowerCase, MaxTokens(config)), path).Save(folder);
            config.Set("pad_token_id", 0);
            return vocabulary.Length;
        }

        int ByteLevel(IReadOnlyList<string> special, (string Key, int? Id)[] ids)
        {
            var files = ByteLevelVocabulary.Learn(texts, size, special, folder, stop);
            var form = special.Count == 1 ? BytePairForm.Gpt2 : BytePairForm.Roberta;
            new BytePair(files, TokenizerConfig.New(null, MaxTokens(config)), form, padId: null).Save(folder);
            foreach (var (key, id) in ids)
                config.Set(key, id);
            return files.Ids.Count;
        }
    }

    // RoBERTa's first position comes after that of padding.
    private static int MaxTokens(ConfigFile config) =>
        config.IntOrNull("n_positions", 1)
        ?? config.Int("max_position_embeddings", 1) - (config.Text("model_type") == "roberta" ? 2 : 0);
}
