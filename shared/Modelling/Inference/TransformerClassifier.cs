using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A fine-tuned transformer in a folder in Hugging Face layout.</summary>
public sealed class TransformerClassifier : ITokenClassifier, IInputGradients
{
    private readonly SequenceClassification _model;
    private readonly TextBatches _batches;
    private readonly ComputeOptions _compute;
    private WordVectors? _words;

    private TransformerClassifier(SequenceClassification model, TextBatches batches, ComputeOptions compute) =>
        (_model, _batches, _compute) = (model, batches, compute);

    public IReadOnlyList<string> Labels => _model.Task.Labels;
    public bool Regression => _model.Task.Regression;

    /// <param name="maxTokens">Tokens read of a text; left out, what the tokenizer's configuration says.</param>
    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static TransformerClassifier Open(string folder, ComputeOptions? compute = null, int? maxTokens = null)
    {
        ModelHeads.Refuse(folder, ModelHead.Texts);
        compute ??= ComputeOptions.AllProcessors;
        var model = SequenceClassification.Open(folder, compute.Evaluation);
        return new(
            model,
            TextBatches.OfTrained(model, model.Encoder, model.NewWeights, "classifier", folder, maxTokens, compute),
            compute
        );
    }

    public TokenSequence Encode(ModelText text) =>
        _batches.Tokenizer.Encode(text.First, text.Second, _batches.MaxTokens);

    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default) =>
        Predict([.. texts.Select(Encode)], cancellation);

    public IReadOnlyList<float[]> Predict(
        IReadOnlyList<TokenSequence> sequences,
        CancellationToken cancellation = default
    ) =>
        _batches.Run(
            [.. sequences],
            batch => Regression ? _model.call(batch) : _model.call(batch).softmax(1),
            cancellation
        );

    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => _batches.CutOff(texts);

    public IReadOnlyList<TokenGradient> Gradients(ModelText text) =>
        InputGradients.Of(_model, _batches.Tokenizer, text, _batches.MaxTokens, _compute);

    public WordVectors Words => _words ??= WordVectors.Of(_model.Encoder, _batches.Tokenizer, _compute);

    public void Dispose()
    {
        _words?.Dispose();
        _model.Dispose();
    }
}
