using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Inference;

/// <summary>Any model that finds the answer to a question in a context.</summary>
public interface IAnswerer : IDisposable
{
    /// <summary>The best answer to each question (first text) in its context (second); the batch never changes a row.</summary>
    IReadOnlyList<FoundAnswer> Answer(
        IReadOnlyList<ModelText> questions,
        AnswerSearch search,
        CancellationToken cancellation = default
    );
}

/// <summary>A fine-tuned transformer that marks answers, in a folder in Hugging Face layout.</summary>
public sealed class AnswerFinder : IAnswerer
{
    private readonly QuestionAnswering _model;
    private readonly TextBatches _batches;

    private AnswerFinder(QuestionAnswering model, TextBatches batches) => (_model, _batches) = (model, batches);

    /// <exception cref="BadInputException">The folder holds no such model, or a damaged one.</exception>
    public static AnswerFinder Open(string folder, ComputeOptions? compute = null, int? maxTokens = null)
    {
        ModelHeads.Refuse(folder, ModelHead.Answers);
        compute ??= ComputeOptions.AllProcessors;
        var model = QuestionAnswering.Open(folder, compute.Evaluation);
        return new(
            model,
            TextBatches.OfTrained(
                model,
                model.Encoder,
                model.NewWeights,
                "question answering",
                folder,
                maxTokens,
                compute
            )
        );
    }

    public IReadOnlyList<FoundAnswer> Answer(
        IReadOnlyList<ModelText> questions,
        AnswerSearch search,
        CancellationToken cancellation = default
    )
    {
        var windows = questions
            .Select(text =>
                ContextWindow.Of(
                    _batches.Tokenizer,
                    text.First,
                    text.Second ?? throw new BadInputException($"the question '{text.First}' has no context"),
                    _batches.MaxTokens,
                    search.Stride
                )
            )
            .ToArray();
        var logits = _batches.Run(
            [.. windows.SelectMany(of => of.Select(window => window.Tokens))],
            _model.call,
            cancellation
        );
        var found = new List<FoundAnswer>();
        var next = 0;
        for (var row = 0; row < questions.Count; row++)
        {
            found.Add(
                search.Best(questions[row].Second!, windows[row], [.. logits.Skip(next).Take(windows[row].Count)])
            );
            next += windows[row].Count;
        }
        return found;
    }

    public void Dispose() => _model.Dispose();
}
