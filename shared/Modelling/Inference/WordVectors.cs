using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>The word embeddings of a model, of the words that are one token of its vocabulary and letters only.</summary>
public sealed class WordVectors : IDisposable
{
    private readonly string[] _words;
    private readonly Dictionary<string, int> _rows = [];
    private readonly Tensor _vectors; // (words, D)
    private readonly Tensor _directions; // (words, D), of length 1
    private readonly ComputeOptions _compute;

    private WordVectors(string[] words, Tensor vectors, ComputeOptions compute)
    {
        (_words, _vectors, _compute) = (words, vectors, compute);
        _directions = nn.functional.normalize(vectors, 2, 1).DetachFromDisposeScope();
        for (var row = 0; row < words.Length; row++)
            _rows.TryAdd(words[row], row);
    }

    /// <summary>How many words there are.</summary>
    public int Count => _words.Length;

    /// <summary>Width of a vector.</summary>
    public int Width => (int)_vectors.shape[1];

    /// <summary>Those of the model in a folder in Hugging Face layout.</summary>
    /// <exception cref="BadInputException">The folder holds no model, or a damaged one.</exception>
    public static WordVectors Open(string folder, ComputeOptions compute)
    {
        compute.Apply();
        using var encoder = Encoders.Open(folder, compute.Evaluation);
        return Of(encoder, Tokenizers.Open(folder), compute);
    }

    /// <summary>The word as it stands, else in lower case; null where neither is known.</summary>
    public string? Find(string word) =>
        _rows.ContainsKey(word) ? word
        : _rows.ContainsKey(word.ToLowerInvariant()) ? word.ToLowerInvariant()
        : null;

    /// <summary>The cosine of the angle between two words, rounded to 1e-5; null where one is not known.</summary>
    public double? Cosine(string word, string other)
    {
        if (Find(word) is not { } one || Find(other) is not { } two)
            return null;
        _compute.Apply();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Rounded(_directions[_rows[one]].dot(_directions[_rows[two]]).item<float>());
    }

    /// <summary>The nearest words by their cosine, the nearest first; none for a word that is not known.</summary>
    /// <param name="most">How many.</param>
    /// <param name="least">The least cosine.</param>
    public IReadOnlyList<string> Nearest(string word, int most, double least = -1)
    {
        if (Find(word) is not { } known)
            return [];
        var cosines = Cosines(known);
        return
        [
            .. Enumerable
                .Range(0, _words.Length)
                .Where(row => row != _rows[known] && cosines[row] >= least)
                .OrderByDescending(row => cosines[row])
                .ThenBy(row => row)
                .Take(most)
                .Select(row => _words[row]),
        ];
    }

    /// <summary>
    /// The words that would raise the loss most in the place of another, by the first-order rule of HotFlip (Ebrahimi et al. 2018,
    /// arXiv:1712.06751, eq. 10): the product of the gradient with the difference of the vectors.
    /// </summary>
    /// <param name="gradient">Of the loss by the old word's vector.</param>
    /// <param name="least">The least cosine of old and new word; null: any, also for an old word that is not known.</param>
    public IReadOnlyList<string> Flips(string word, float[] gradient, int most, double? least)
    {
        var known = Find(word);
        if (known is null && least is not null)
            return [];
        _compute.Apply();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var rises = Values(_vectors.mv(tensor(gradient, device: _vectors.device)));
        var cosines = least is null ? null : Cosines(known!);
        return
        [
            .. Enumerable
                .Range(0, _words.Length)
                .Where(row => _words[row] != known && (cosines is null || cosines[row] >= least))
                .OrderByDescending(row => rises[row])
                .ThenBy(row => row)
                .Take(most)
                .Select(row => _words[row]),
        ];
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _directions.Dispose();
    }

    internal static WordVectors Of(Encoder encoder, ITokenizer tokenizer, ComputeOptions compute)
    {
        compute.Apply();
        using var none = no_grad();
        int[] ids = [.. LetterTokens.Of(tokenizer)];
        using var scope = NewDisposeScope();
        var rows = tensor(Array.ConvertAll(ids, id => (long)id), device: encoder.Device);
        var vectors = encoder.Words.detach().index_select(0, rows).to(ScalarType.Float32).DetachFromDisposeScope();
        return new(Array.ConvertAll(ids, tokenizer.TextOf), vectors, compute);
    }

    private double[] Cosines(string known)
    {
        _compute.Apply();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return Array.ConvertAll(Values(_directions.mv(_directions[_rows[known]])), value => Rounded(value));
    }

    private static float[] Values(Tensor values) => values.cpu().data<float>().ToArray();

    private static double Rounded(float value) => Math.Round(value, 5);
}

/// <summary>The tokens of a vocabulary that are letters only.</summary>
internal static class LetterTokens
{
    /// <summary>Ids of those that begin a word, or of those that go on with one.</summary>
    public static IEnumerable<int> Of(ITokenizer tokenizer, bool continuing = false) =>
        Enumerable
            .Range(0, tokenizer.VocabularySize)
            .Where(id => !tokenizer.SpecialIds.Contains(id) && tokenizer.Continues(id) == continuing)
            .Where(id => tokenizer.TextOf(id) is { Length: > 0 } text && text.All(char.IsLetter));
}
