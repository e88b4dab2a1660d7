using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>What a tagger says about one sentence.</summary>
/// <param name="Tags">One for each word.</param>
/// <param name="Probabilities">Of those tags; 1 for a word that was not read.</param>
/// <param name="CutOff">Words at the end that were not read, as the sentence is too long; they are tagged <c>O</c>.</param>
public sealed record TaggedWords(IReadOnlyList<string> Tags, IReadOnlyList<float> Probabilities, int CutOff);

/// <summary>Any model that gives each word of a sentence a tag.</summary>
public interface ITagger : IDisposable
{
    /// <summary>Tags in output order.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>The tags of sentences, given as their words; the batch never changes a row.</summary>
    IReadOnlyList<TaggedWords> Tag(
        IReadOnlyList<IReadOnlyList<string>> sentences,
        CancellationToken cancellation = default
    );
}

/// <summary>A fine-tuned transformer with a head for each token, in a folder in Hugging Face layout.</summary>
public sealed class TokenTagger : ITagger
{
    private readonly TokenClassification _model;
    private readonly TextBatches _batches;

    private TokenTagger(TokenClassification model, TextBatches batches) => (_model, _batches) = (model, batches);

    public IReadOnlyList<string> Labels => _model.Labels;

    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static TokenTagger Open(string folder, ComputeOptions? compute = null, int? maxTokens = null)
    {
        ModelHeads.Refuse(folder, ModelHead.Words);
        compute ??= ComputeOptions.AllProcessors;
        var model = TokenClassification.Open(folder, compute.Evaluation);
        return new(
            model,
            TextBatches.OfTrained(model, model.Encoder, model.NewWeights, "tagger", folder, maxTokens, compute)
        );
    }

    public IReadOnlyList<TaggedWords> Tag(
        IReadOnlyList<IReadOnlyList<string>> sentences,
        CancellationToken cancellation = default
    )
    {
        WordTokens[] words =
        [
            .. sentences.Select(sentence => WordTokens.Of(_batches.Tokenizer, sentence, _batches.MaxTokens)),
        ];
        var outputs = _batches.Run(
            [.. words.Select(one => one.Tokens)],
            batch => _model.call(batch).softmax(2),
            cancellation
        );
        return [.. words.Zip(outputs, Read)];
    }

    public void Dispose() => _model.Dispose();

    private TaggedWords Read(WordTokens words, float[] probabilities)
    {
        var tags = new string[words.FirstTokens.Count];
        var sure = new float[tags.Length];
        for (var word = 0; word < tags.Length; word++)
            if (words.FirstTokens[word] is >= 0 and var token)
            {
                var row = probabilities[(token * Labels.Count)..((token + 1) * Labels.Count)];
                sure[word] = row.Max();
                tags[word] = Labels[Array.IndexOf(row, sure[word])];
            }
            else
                (tags[word], sure[word]) = (EntityTags.Outside, 1);
        return new(tags, sure, words.CutOff);
    }
}
