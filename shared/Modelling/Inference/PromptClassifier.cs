using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Prompting;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>A language model in a folder in Hugging Face layout that says labels by words, as its <c>prompt.json</c> tells.</summary>
public sealed class PromptClassifier : IClassifier
{
    private readonly PromptModel _model;
    private readonly PromptedTexts _prompts;
    private readonly TextBatches _batches;

    private PromptClassifier(
        PromptModel model,
        PromptedTexts prompts,
        TextBatches batches,
        IReadOnlyList<string> labels
    ) => (_model, _prompts, _batches, Labels) = (model, prompts, batches, labels);

    public IReadOnlyList<string> Labels { get; }

    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static PromptClassifier Open(string folder, ComputeOptions? compute = null)
    {
        var settings = PromptSettings.Open(folder);
        compute ??= ComputeOptions.AllProcessors;
        var model = PromptModel.Open(folder, compute.Evaluation);
        var batches = TextBatches.OfTrained(
            model.Model,
            model.Encoder,
            model.NewWeights,
            "language model",
            folder,
            settings.MaxTokens,
            compute
        );
        try
        {
            var pair = PromptTemplate.Parse(settings.Template, out _).IsPair;
            return new(model, new(settings, batches.Tokenizer, pair, model.IsCausal), batches, settings.Labels);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
    {
        PromptedText[][] read = [.. texts.Select(text => _prompts.Scored(text).ToArray())];
        PromptedText[] all = [.. read.SelectMany(of => of)];
        var logits = _batches.Run(
            [.. all.Select(one => one.Tokens)],
            (batch, rows) => _model.Logits(batch, rows.Select(row => all[row].Place), _prompts.WordIds),
            cancellation
        );
        var next = 0;
        return
        [
            .. read.Select(of =>
            {
                next += of.Length;
                return Probabilities([.. logits.Skip(next - of.Length).Take(of.Length)]);
            }),
        ];
    }

    public void Dispose() => _model.Dispose();

    /// <summary>Of the mean logits of all sets of demonstrations.</summary>
    private static float[] Probabilities(float[][] logits)
    {
        using var scope = NewDisposeScope();
        var all = tensor(logits.SelectMany(row => row).ToArray(), [logits.Length, logits[0].Length]);
        return all.mean([0]).softmax(0).data<float>().ToArray();
    }
}
