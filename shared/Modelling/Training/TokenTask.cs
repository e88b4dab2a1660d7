using TorchSharp;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>A sentence and the label number of each word.</summary>
public sealed record TaggedSentence(WordTokens Words, IReadOnlyList<int> Labels);

/// <summary>Learns a tag for each word: its first token carries it, the others are ignored.</summary>
/// <param name="masks">Those that the model was opened with.</param>
/// <param name="selection">The sentences that choose the weights; null for none.</param>
/// <param name="selectBy"><c>entityF1</c>, <c>loss</c>, or a score over the words: <c>accuracy</c>, <c>macroF1</c>, <c>matthews</c>.</param>
public sealed class TokenTask(
    TokenClassification model,
    DropoutMasks masks,
    int padId,
    IReadOnlyList<TaggedSentence> train,
    IReadOnlyList<TaggedSentence>? selection = null,
    string selectBy = "entityF1"
) : ITrainingTask
{
    private const int ScoringBatch = 64;

    public nn.Module Model => model;
    public IReadOnlyList<int> Lengths { get; } = [.. train.Select(sentence => sentence.Words.Tokens.Length)];

    public Tensor Loss(IReadOnlyList<int> rows, long update)
    {
        using var scope = NewDisposeScope();
        masks.Begin(update);
        TaggedSentence[] sentences = [.. rows.Select(row => train[row])];
        var batch = Batch(sentences);
        return model.Loss(model.call(batch), Labels(sentences, batch.Length)).MoveToOuterDisposeScope();
    }

    public double? Score(CancellationToken stop)
    {
        if (selection is null)
            return null;

        var predicted = new IReadOnlyList<int>[selection.Count];
        var (loss, words) = (0.0, 0L);
        var rows = Enumerable.Range(0, selection.Count).OrderBy(row => selection[row].Words.Tokens.Length);
        foreach (var chunk in rows.Chunk(ScoringBatch))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            TaggedSentence[] sentences = [.. chunk.Select(row => selection[row])];
            var batch = Batch(sentences);
            var logits = model.call(batch);
            var read = sentences.Sum(sentence => sentence.Words.FirstTokens.Count(token => token >= 0));
            if (read > 0)
                loss += model.Loss(logits, Labels(sentences, batch.Length)).item<float>() * (double)read;
            words += read;
            var best = logits.argmax(2).cpu().data<long>().ToArray();
            for (var i = 0; i < chunk.Length; i++)
                predicted[chunk[i]] = Tags(sentences[i].Words, best.AsSpan(i * (int)batch.Length, (int)batch.Length));
        }
        return selectBy switch
        {
            "loss" => -loss / words,
            "entityF1" => EntityF1(predicted),
            _ => SelectionScore.Of(
                selectBy,
                [.. selection.SelectMany(sentence => sentence.Labels)],
                [.. predicted.SelectMany(tags => tags)],
                model.Labels.Count
            ),
        };
    }

    /// <summary>A label for each word: its first token's; a word that was not read has the first label, <c>O</c>.</summary>
    private int[] Tags(WordTokens words, ReadOnlySpan<long> best)
    {
        var tags = new int[words.FirstTokens.Count];
        for (var word = 0; word < tags.Length; word++)
            tags[word] = words.FirstTokens[word] is >= 0 and var token ? (int)best[token] : Outside;
        return tags;
    }

    private int Outside { get; } = Math.Max(0, model.Labels.ToList().IndexOf(EntityTags.Outside));

    private double EntityF1(IReadOnlyList<int>[] predicted)
    {
        var (both, all) = (0, 0);
        foreach (var (sentence, tags) in selection!.Zip(predicted))
        {
            var truth = EntityTags.Entities([.. sentence.Labels.Select(label => model.Labels[label])]).ToHashSet();
            var found = EntityTags.Entities([.. tags.Select(label => model.Labels[label])]);
            both += found.Count(truth.Contains);
            all += truth.Count + found.Count;
        }
        return all == 0 ? 0 : 2.0 * both / all;
    }

    private TokenBatch Batch(TaggedSentence[] sentences) =>
        TokenBatch.Of([.. sentences.Select(sentence => sentence.Words.Tokens)], padId, model.Encoder.Device);

    private Tensor Labels(TaggedSentence[] sentences, long length) // (B, T)
    {
        var labels = new long[sentences.Length * length];
        Array.Fill(labels, TokenClassification.Ignored);
        for (var row = 0; row < sentences.Length; row++)
        for (var word = 0; word < sentences[row].Labels.Count; word++)
            if (sentences[row].Words.FirstTokens[word] is >= 0 and var token)
                labels[row * length + token] = sentences[row].Labels[word];
        return tensor(labels, [sentences.Length, length], device: model.Encoder.Device);
    }
}
