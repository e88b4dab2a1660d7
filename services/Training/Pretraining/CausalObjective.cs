using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>Each next token, in blocks that are full: GPT-2's.</summary>
internal sealed class CausalObjective : IPretrainingObjective
{
    public string Name => "causal";

    public ObjectiveInUse Open(PretrainingJob job)
    {
        var end =
            job.Tokenizer.EndId
            ?? throw new BadInputException(
                $"Step {job.Work.Step.Name}: the vocabulary has no token that ends a text; expected one of byte pairs."
            );
        var model = CausalLanguageModel.Open(job.Folder, job.Settings);
        var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
        var task = new CausalLanguageTask(model, job.Masks, Blocks(job.Texts.Train), Blocks(job.Texts.HeldOut));
        return new(task, model.Encoder, [], model.Save, Scores);

        IReadOnlyList<int[]> Blocks(IEnumerable<Example> rows) =>
            CausalLanguageTask.Pack(
                rows.SelectMany(row => new[] { row.Text, row.TextB })
                    .OfType<string>()
                    .Select(text => job.Tokenizer.Encode(text, second: null, int.MaxValue).Ids),
                end,
                longest
            );
    }

    private static IEnumerable<(string Name, double Value)> Scores(LanguageScore score) =>
        [("nextTokenLoss", score.Loss), ("nextTokenAccuracy", score.Accuracy), ("perplexity", score.Perplexity)];
}
