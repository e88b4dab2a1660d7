using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>A language model of either kind that says a label by the word it puts into a prompt.</summary>
public sealed class PromptModel : IDisposable
{
    private readonly Func<TokenBatch, Tensor, Tensor> _at;

    private PromptModel(
        nn.Module model,
        Encoder encoder,
        Func<TokenBatch, Tensor, Tensor> at,
        Action<string> save,
        IReadOnlyList<string> newWeights
    ) => (Model, Encoder, _at, Save, NewWeights) = (model, encoder, at, save, newWeights);

    public nn.Module Model { get; }

    public Encoder Encoder { get; }

    /// <summary>Whether it foretells next words, and not masked ones.</summary>
    public bool IsCausal => Model is CausalLanguageModel;

    /// <summary>The checkpoint's names of weights that were drawn.</summary>
    public IReadOnlyList<string> NewWeights { get; }

    /// <summary>Writes the model into a folder as Transformers reads it.</summary>
    public Action<string> Save { get; }

    /// <summary>The language model in a folder in Hugging Face layout.</summary>
    /// <exception cref="BadInputException">It is none, or its head was not trained.</exception>
    public static PromptModel Open(string folder, ModelSettings settings)
    {
        ModelHeads.Refuse(folder, ModelHead.Tokens);
        if (ConfigFile.Open(folder).Text("model_type") == "gpt2")
        {
            var causal = CausalLanguageModel.Open(folder, settings);
            return new(causal, causal.Encoder, causal.At, causal.Save, []);
        }
        var masked = MaskedLanguageModel.Open(folder, settings);
        if (settings.FromScratch || !masked.NewHeadWeights.Any())
            return new(masked, masked.Encoder, masked.At, masked.Save, masked.NewWeights);
        var missing = string.Join(", ", masked.NewHeadWeights);
        masked.Dispose();
        throw new BadInputException(
            $"the model has no trained head for masked words ({missing} missing), so it puts no word into a prompt; expected a "
                + "language model, such as a pretrain step with objective masked makes of it."
        );
    }

    /// <summary>Logits of the labels, from those of their words alone: (B, T) → (B, labels).</summary>
    /// <param name="places">Of each row, see <see cref="PromptedText"/>.</param>
    /// <param name="words">The labels' ids.</param>
    public Tensor Logits(TokenBatch batch, IEnumerable<int> places, IReadOnlyList<int> words)
    {
        using var scope = NewDisposeScope();
        var positions = tensor(
            places.Select((place, row) => row * batch.Length + place).ToArray(),
            device: Encoder.Device
        );
        var chosen = tensor(words.Select(word => (long)word).ToArray(), device: Encoder.Device);
        return _at(batch, positions).index_select(1, chosen).MoveToOuterDisposeScope();
    }

    public void Dispose() => Model.Dispose();
}
