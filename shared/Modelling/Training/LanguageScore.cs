using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>How well a language model foretells tokens.</summary>
/// <param name="Loss">Mean cross-entropy of a token, in nats; 0 where there were none.</param>
/// <param name="Accuracy">Share of tokens whose most probable id is the true one.</param>
/// <param name="Tokens">How many were foretold.</param>
/// <param name="NextAccuracy">Share of pairs rightly told to follow each other or not; null where none was asked.</param>
public sealed record LanguageScore(double Loss, double Accuracy, long Tokens, double? NextAccuracy = null)
{
    /// <summary>e to the loss.</summary>
    public double Perplexity => Math.Exp(Loss);
}

/// <summary>Adds up batches of foretold tokens.</summary>
internal sealed class LanguageTally
{
    private double _loss;
    private long _right;
    private long _tokens;
    private long _pairs;
    private long _pairsRight;

    /// <param name="loss">Mean over the labels.</param>
    /// <param name="logits">(N, vocabulary).</param>
    /// <param name="labels">(N), int64.</param>
    public void Add(Tensor loss, Tensor logits, Tensor labels)
    {
        var count = labels.shape[0];
        _loss += loss.item<float>() * (double)count;
        _right += logits.argmax(-1).eq(labels).sum().item<long>();
        _tokens += count;
    }

    /// <param name="logits">(B, 2).</param>
    /// <param name="labels">(B), int64.</param>
    public void AddPairs(Tensor logits, Tensor labels)
    {
        _pairs += labels.shape[0];
        _pairsRight += logits.argmax(-1).eq(labels).sum().item<long>();
    }

    public LanguageScore Score() =>
        new(
            _tokens == 0 ? 0 : _loss / _tokens,
            _tokens == 0 ? 0 : _right / (double)_tokens,
            _tokens,
            _pairs == 0 ? null : _pairsRight / (double)_pairs
        );
}
