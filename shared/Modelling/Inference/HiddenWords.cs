using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A masked language model that says which words could stand where some are hidden.</summary>
public sealed class HiddenWords : IDisposable
{
    private const int TextsAtOnce = 32;

    private readonly MaskedLanguageModel _model;
    private readonly ITokenizer _tokenizer;
    private readonly int _longest; // pieces of a text that are read
    private readonly ComputeOptions _compute;

    private HiddenWords(MaskedLanguageModel model, ITokenizer tokenizer, int maxTokens, ComputeOptions compute)
    {
        (_model, _tokenizer, _compute) = (model, tokenizer, compute);
        _longest = Math.Min(maxTokens, model.Encoder.MaxTokens) - tokenizer.SpecialCount(pair: false);
    }

    /// <exception cref="BadInputException">The folder holds no trained masked language model.</exception>
    public static HiddenWords Open(string folder, int maxTokens, ComputeOptions compute)
    {
        compute.Apply();
        var tokenizer = Tokenizers.Open(folder);
        if (tokenizer.MaskId is null)
            throw new BadInputException(
                $"{folder}: its vocabulary has no token that hides a word; expected a masked language model."
            );
        ModelHeads.Refuse(folder, ModelHead.Tokens);
        var model = MaskedLanguageModel.Open(folder, compute.Evaluation);
        if (model.NewHeadWeights.Any())
        {
            var missing = string.Join(", ", model.NewHeadWeights);
            model.Dispose();
            throw new BadInputException($"{folder}: no masked-language-model head; {missing} missing.");
        }
        model.eval();
        return new(model, tokenizer, maxTokens, compute);
    }

    /// <summary>The pieces of a text that are whole words, of letters only, by their number among all pieces.</summary>
    public IReadOnlyList<(int Piece, TokenSpan Span)> Words(string text)
    {
        var pieces = _tokenizer.Spans(text);
        return
        [
            .. Enumerable
                .Range(0, Math.Min(_longest, pieces.Count))
                .Where(at =>
                    !_tokenizer.SpecialIds.Contains(pieces[at].Id)
                    && Word(text, pieces[at]).All(char.IsLetter)
                    && (pieces[at].Start == 0 || !char.IsLetterOrDigit(text[pieces[at].Start - 1]))
                    && (pieces[at].End == text.Length || !char.IsLetterOrDigit(text[pieces[at].End]))
                )
                .Select(at => (at, pieces[at])),
        ];
    }

    /// <summary>The logarithm of the probability of every token at each hidden piece, up to a constant.</summary>
    public IReadOnlyList<float[]> Foretell(string text, IReadOnlyList<int> hidden)
    {
        _compute.Apply();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        int[] ids = [.. _tokenizer.Spans(text).Take(_longest).Select(piece => piece.Id)];
        foreach (var piece in hidden)
            ids[piece] = _tokenizer.MaskId!.Value;
        var batch = TokenBatch.Of([_tokenizer.Wrap(ids)], _tokenizer.PadId, _model.Encoder.Device);
        var places = tensor(
            Array.ConvertAll([.. hidden], piece => (long)piece + _tokenizer.SpecialBefore),
            device: _model.Encoder.Device
        );
        var logits = _model.call(batch)[0].index_select(0, places).to(ScalarType.Float32).cpu(); // (hidden, vocabulary)
        var values = logits.data<float>().ToArray();
        return [.. values.Chunk(values.Length / hidden.Count)];
    }

    internal ITokenizer Tokenizer => _tokenizer;

    /// <summary>Pieces of a text that are read.</summary>
    internal int Longest => _longest;

    /// <summary>The logarithms of the probabilities of every token, of sequences of pieces at one place or several of each.</summary>
    internal IReadOnlyList<float[]> Read(IReadOnlyList<(int[] Pieces, int[] Places)> texts)
    {
        _compute.Apply();
        using var none = no_grad();
        var read = new List<float[]>();
        foreach (var some in texts.Chunk(TextsAtOnce))
        {
            using var scope = NewDisposeScope();
            TokenSequence[] sequences = [.. some.Select(text => _tokenizer.Wrap(text.Pieces))];
            var batch = TokenBatch.Of(sequences, _tokenizer.PadId, _model.Encoder.Device);
            var places = some.SelectMany(
                (text, row) => text.Places.Select(place => row * batch.Length + _tokenizer.SpecialBefore + place)
            );
            var logits = _model.At(batch, tensor(places.ToArray(), device: _model.Encoder.Device));
            var values = logits.to(ScalarType.Float32).log_softmax(1).cpu(); // (places, vocabulary)
            read.AddRange(values.data<float>().ToArray().Chunk((int)values.shape[1]));
        }
        return read;
    }

    public void Dispose() => _model.Dispose();

    private static string Word(string text, TokenSpan piece) => text[piece.Start..piece.End];
}
