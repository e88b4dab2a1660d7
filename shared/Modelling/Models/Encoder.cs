using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Models;

/// <summary>A transformer that gives each token of a batch a vector: (B, T) → (B, T, D). Heads are built upon it.</summary>
public abstract class Encoder(string name) : Module<TokenBatch, Tensor>(name)
{
    /// <summary>Width of a token's vector, D.</summary>
    public abstract int Width { get; }

    /// <summary>The most tokens of a sequence.</summary>
    public abstract int MaxTokens { get; }

    /// <summary>Number of token ids.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>The encoder that a head stands upon.</summary>
    public static Encoder Below(Module head) => head.modules().OfType<Encoder>().First();

    /// <exception cref="BadInputException">The tokenizer gives ids that the embeddings have no row for.</exception>
    public void Check(ITokenizer tokenizer, string folder) => Check(tokenizer, VocabularySize, folder);

    /// <summary>Refuses a tokenizer with more tokens than there are word embeddings.</summary>
    internal static void Check(ITokenizer tokenizer, int embeddings, string folder)
    {
        if (tokenizer.VocabularySize > embeddings)
            throw new BadInputException(
                $"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens, the model {embeddings}; expected at most as many."
            );
    }

    /// <summary>Where its weights lie, and its batches have to.</summary>
    public Device Device => Words.device;

    /// <summary>The vectors before the first block and after each one.</summary>
    public abstract IReadOnlyList<Tensor> HiddenStates(TokenBatch batch);

    /// <summary>The word embeddings, (vocabulary, D): the weights of a tied decoder.</summary>
    internal abstract Tensor Words { get; }

    /// <summary>What its architectures' names in <c>config.json</c> begin with.</summary>
    internal abstract string Family { get; }

    /// <summary>What its names in a checkpoint begin with where a head stands beside it.</summary>
    internal abstract string Prefix { get; }

    /// <summary>Names of its weights in a checkpoint, after the prefix.</summary>
    internal abstract WeightNames Names { get; }

    /// <summary>What the heads need to know of its configuration.</summary>
    internal abstract HeadConfig Head { get; }

    /// <summary>Its keys of <c>config.json</c>.</summary>
    internal abstract void Write(ConfigFile config);
}
