using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Models;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tokenization.Learning;

/// <summary>
/// A model's weights for another vocabulary, as Gee et al. 2022 (Fast Vocabulary Transfer for Language Model Compression,
/// section 3) make them: a token of both vocabularies keeps its vector, any other takes the mean of those of the pieces into
/// which the old tokenizer cuts it.
/// </summary>
public static partial class VocabularyTransfer
{
    private const char Unreadable = '\uFFFD';

    /// <summary>Tokens of the new vocabulary by where their vectors come from.</summary>
    /// <param name="Kept">From the same token of the old one.</param>
    /// <param name="Averaged">From the pieces of the old one.</param>
    /// <param name="New">Drawn, because the old vocabulary cannot read them.</param>
    public readonly record struct Rows(int Kept, int Averaged, int New);

    /// <summary>Writes a model's weights into a folder that has the configuration and the tokenizer they are to serve.</summary>
    /// <param name="seed">Of vectors that are drawn.</param>
    /// <exception cref="BadInputException">The model has no weights, or fewer word embeddings than tokens.</exception>
    public static Rows Write(string model, string folder, long seed)
    {
        var (old, learnt) = (Tokenizers.Open(model), Tokenizers.Open(folder));
        var config = ConfigFile.Open(model);
        var deviation = config.Number("initializer_range", 0, 10, 0.02);
        var size = config.Int("vocab_size", 1);
        config.ThrowIfBad();
        Encoder.Check(old, size, model);

        var sources = Sources(old, learnt);
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(
            Path.Combine(folder, Checkpoint.FileName),
            Checkpoint
                .Open(model)
                .Tensors.Select(entry => (entry.Key, Value: entry.Value.Read()))
                .Select(entry =>
                    entry.Value.shape[0] == size && OfVocabulary().IsMatch(entry.Key)
                        ? (entry.Key, Resized(entry.Value, sources, deviation, seed))
                        : entry
                )
        );
        return new(
            sources.Count(source => source.IsKept),
            sources.Count(source => !source.IsKept && source.Ids.Count > 0),
            sources.Count(source => source.Ids.Count == 0)
        );
    }

    /// <summary>For each token of the new vocabulary the old ones whose mean it takes; none where it starts new.</summary>
    private static List<(IReadOnlyList<int> Ids, bool IsKept)> Sources(ITokenizer old, ITokenizer learnt)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < old.VocabularySize; id++)
            known.TryAdd(old.TokenOf(id), id);
        known.Remove("");
        return
        [
            .. Enumerable
                .Range(0, learnt.VocabularySize)
                .Select(id =>
                    known.TryGetValue(learnt.TokenOf(id), out var same)
                        ? ((IReadOnlyList<int>)[same], true)
                        : (Pieces(old, learnt, id), false)
                ),
        ];
    }

    private static IReadOnlyList<int> Pieces(ITokenizer old, ITokenizer learnt, int id)
    {
        var text = learnt.TextOf(id);
        if (text.Contains(Unreadable)) // some bytes of a letter
            return [];
        var pieces = old.Spans(learnt.Continues(id) ? text : " " + text).Select(piece => piece.Id).ToList();
        return pieces.Exists(old.SpecialIds.Contains) ? [] : pieces;
    }

    private static Tensor Resized(
        Tensor rows,
        List<(IReadOnlyList<int> Ids, bool IsKept)> sources,
        double deviation,
        long seed
    )
    {
        var before = rows.to(ScalarType.Float32);
        long[] shape = [sources.Count, .. before.shape[1..]];
        // Copies of the embeddings in a decoder draw the same.
        var after = before.dim() == 1 ? zeros(shape) : NewWeights.Normal("word embeddings", shape, deviation, seed);
        for (var id = 0; id < sources.Count; id++)
        {
            if (sources[id].Ids.Count == 0)
                continue;
            using var row = NewDisposeScope();
            after[id] = before.index_select(0, tensor(sources[id].Ids.Select(from => (long)from).ToArray())).mean([0]);
        }
        return after.to(rows.dtype);
    }

    /// <summary>Word embeddings, their copies in a decoder that is tied to them, and its bias.</summary>
    [GeneratedRegex(
        @"(^|\.)(word_embeddings\.weight|wte\.weight|(predictions|lm_head)(\.decoder)?\.(weight|bias)|vocab_projector\.(weight|bias))$"
    )]
    private static partial Regex OfVocabulary();
}
