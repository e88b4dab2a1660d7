using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>How a language model foretold texts; a text may count several times or not at all.</summary>
internal sealed record LanguageRows(ForetoldText[] Texts)
{
    /// <summary>How often each text counts; null: once.</summary>
    private int[]? Times { get; init; }

    /// <summary>The same texts, each as often as <paramref name="counts"/> says.</summary>
    public LanguageRows Drawn(int[] counts) => this with { Times = counts };

    /// <summary>Loss in nats, tokens foretold, and how many of them rightly, of all texts together.</summary>
    public (double Loss, long Tokens, long Right) Total()
    {
        var total = (Loss: 0.0, Tokens: 0L, Right: 0L);
        for (var row = 0; row < Texts.Length; row++)
        {
            var times = Times?[row] ?? 1;
            total.Loss += times * Texts[row].Loss;
            total.Tokens += times * Texts[row].Tokens;
            total.Right += times * Texts[row].Right;
        }
        return total;
    }
}
