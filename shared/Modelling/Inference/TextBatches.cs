using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>Runs texts through a model in batches of similar length; results come back in the order of the texts.</summary>
internal sealed class TextBatches
{
    /// <summary>What a batch costs beside its tokens: on two cores some milliseconds, on a GPU as long as many tokens take.</summary>
    private const int BatchCost = 128;

    private readonly ComputeOptions _compute;
    private readonly Device _device;

    /// <param name="maxTokens">Tokens read of a text; never more than the model takes.</param>
    public TextBatches(string folder, Encoder encoder, int? maxTokens, ComputeOptions compute)
    {
        Tokenizer = Tokenizers.Open(folder);
        encoder.Check(Tokenizer, folder);
        MaxTokens = Math.Min(maxTokens ?? Tokenizer.ModelMaxTokens, encoder.MaxTokens);
        (_compute, _device) = (compute, encoder.Device);
    }

    public ITokenizer Tokenizer { get; }

    /// <summary>Tokens read of a text.</summary>
    public int MaxTokens { get; }

    /// <summary>Those of a model that lacked no weight, put into evaluation mode; disposes it where it cannot be used.</summary>
    /// <param name="newWeights">Names of weights that its checkpoint lacked.</param>
    /// <param name="what">What it should have been trained as.</param>
    public static TextBatches OfTrained(
        nn.Module model,
        Encoder encoder,
        IReadOnlyList<string> newWeights,
        string what,
        string folder,
        int? maxTokens,
        ComputeOptions compute
    )
    {
        try
        {
            if (newWeights.Count > 0)
                throw new BadInputException(
                    $"{folder}: no trained {what}; {string.Join(", ", newWeights)} missing. Fine-tune it first."
                );
            model.eval();
            return new(folder, encoder, maxTokens, compute);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>How many tokens of each text are not read.</summary>
    public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) =>
        [.. texts.Select(text => Tokenizer.CutOff(text.First, text.Second, MaxTokens))];

    /// <param name="model">(B, T) → (B, …): the row of each text.</param>
    public IReadOnlyList<float[]> Run(
        IReadOnlyList<ModelText> texts,
        Func<TokenBatch, Tensor> model,
        CancellationToken cancellation
    ) => Run([.. texts.Select(text => Tokenizer.Encode(text.First, text.Second, MaxTokens))], model, cancellation);

    /// <param name="model">(B, T) → (B, …): the row of each sequence; one value or more for each token of the longest.</param>
    public IReadOnlyList<float[]> Run(
        TokenSequence[] sequences,
        Func<TokenBatch, Tensor> model,
        CancellationToken cancellation
    ) => Run(sequences, (batch, _) => model(batch), cancellation);

    /// <param name="model">The same, told also which of the sequences the batch holds.</param>
    public IReadOnlyList<float[]> Run(
        TokenSequence[] sequences,
        Func<TokenBatch, IReadOnlyList<int>, Tensor> model,
        CancellationToken cancellation
    )
    {
        _compute.Apply();
        using var noGradient = no_grad();
        var results = new float[sequences.Length][];
        var batchCost = _device.type == TorchSharp.DeviceType.CPU ? BatchCost : LengthBatches.MostTokens;
        foreach (var rows in LengthBatches.Of(Array.ConvertAll(sequences, one => one.Length), batchCost))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var output = model(TokenBatch.Of([.. rows.Select(row => sequences[row])], Tokenizer.PadId, _device), rows);
            var values = output.to(ScalarType.Float32).cpu().data<float>().ToArray();
            var width = values.Length / rows.Length;
            for (var i = 0; i < rows.Length; i++)
                results[rows[i]] = values[(i * width)..((i + 1) * width)];
        }
        return results;
    }
}
