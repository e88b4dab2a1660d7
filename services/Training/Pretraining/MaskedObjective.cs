using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>Masked tokens, masked anew at every update: RoBERTa's way, and BERT's without its pairs.</summary>
internal sealed class MaskedObjective : IPretrainingObjective
{
    public string Name => "masked";

    public ObjectiveInUse Open(PretrainingJob job)
    {
        var corruption = Corruption(job);
        var model = MaskedLanguageModel.Open(job.Folder, job.Settings);
        var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
        var texts = Encode(job.Texts.Train);
        if (texts.Count == 0)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: of no text in {job.Work.Dataset().Name} does the vocabulary know a piece."
            );
        var task = new MaskedLanguageTask(
            model,
            job.Masks,
            corruption,
            job.Tokenizer.PadId,
            texts,
            Encode(job.Texts.HeldOut),
            job.Spec.Seed
        );
        return new(task, model.Encoder, model.NewWeights, model.Save, Scores);

        List<TokenSequence> Encode(IEnumerable<Example> rows) =>
            [
                .. rows.Select(row => job.Tokenizer.Encode(row.Text, row.TextB, longest))
                    .Where(text => text.Ids.Any(id => !job.Tokenizer.SpecialIds.Contains(id))),
            ];
    }

    public static MaskedTokens Corruption(PretrainingJob job)
    {
        var tokenizer = job.Tokenizer;
        var mask =
            tokenizer.MaskId
            ?? throw new BadInputException(
                $"Step {job.Work.Step.Name}: the vocabulary has no token that masks another; expected objective 'causal'."
            );
        return new(
            job.Spec.MaskRate,
            mask,
            tokenizer.VocabularySize,
            tokenizer.SpecialIds,
            job.Spec.WholeWords ? tokenizer.Continues : null
        );
    }

    public static IEnumerable<(string Name, double Value)> Scores(LanguageScore score) =>
        [("maskedLoss", score.Loss), ("maskedAccuracy", score.Accuracy), ("perplexity", score.Perplexity)];
}
