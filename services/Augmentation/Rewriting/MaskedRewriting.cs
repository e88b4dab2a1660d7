using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Augmentation.Rewriting;

/// <summary>
/// Hides a share of the words and puts in their places others that a masked language model foretells: words of the dataset, each
/// as likely as the model says among its likeliest.
/// </summary>
internal sealed class MaskedRewriting : IRewriting
{
    private readonly HiddenWords _model;
    private readonly WordFilling _filling;

    public MaskedRewriting(HiddenWords model, IEnumerable<string> texts)
    {
        (_model, _filling) = (model, new(model));
        foreach (var text in texts)
            _filling.Learn(text);
    }

    public IReadOnlyList<string> Copies(string text, int copies, double rate, SeededRandom random) =>
        [
            .. Enumerable
                .Range(0, copies)
                .Select(_ =>
                    _filling.Rewrite(text, words => Math.Min(words, Math.Max(1, (int)(rate * words))), random)
                ),
        ];

    public void Dispose() => _model.Dispose();
}
