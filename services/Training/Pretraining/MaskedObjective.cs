using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
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
        var corruption = Corruption(job.Work, job.Tokenizer, job.Spec.MaskRate, job.Spec.WholeWords);
        var model = MaskedLanguageModel.Open(job.Folder, job.Settings);
        var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
        var (texts, heldOut) = Encode(job.Work, job.Texts, job.Tokenizer, longest);
        var task = new MaskedLanguageTask(
            model,
            job.Masks,
            corruption,
            job.Tokenizer.PadId,
            texts,
            heldOut,
            job.Spec.Seed
        );
        return new(task, model.Encoder, model.NewWeights, model.Save, Scores);
    }

    /// <exception cref="BadInputException">The vocabulary cannot hide a token.</exception>
    public static MaskedTokens Corruption(StepWork work, ITokenizer tokenizer, double rate, bool wholeWords) =>
        new(
            rate,
            tokenizer.MaskId
                ?? throw new BadInputException(
                    $"Step {work.Step.Name}: the vocabulary has no token that masks another; expected objective 'causal'."
                ),
            tokenizer.VocabularySize,
            tokenizer.SpecialIds,
            wholeWords ? tokenizer.Continues : null
        );

    /// <summary>The ids of all texts that have a piece to hide.</summary>
    /// <exception cref="BadInputException">No text to train on has one.</exception>
    public static (List<TokenSequence> Train, List<TokenSequence> HeldOut) Encode(
        StepWork work,
        PretrainingTexts texts,
        ITokenizer tokenizer,
        int longest
    )
    {
        var train = Ids(texts.Train);
        return train.Count > 0
            ? (train, Ids(texts.HeldOut))
            : throw new BadInputException(
                $"Step {work.Step.Name}: of no text in {work.Dataset().Name} does the vocabulary know a piece."
            );

        List<TokenSequence> Ids(IEnumerable<Example> rows) =>
            [
                .. rows.Select(row => tokenizer.Encode(row.Text, row.TextB, longest))
                    .Where(text => text.Ids.Any(id => !tokenizer.SpecialIds.Contains(id))),
            ];
    }

    public static IEnumerable<(string Name, double Value)> Scores(LanguageScore score) =>
        [("maskedLoss", score.Loss), ("maskedAccuracy", score.Accuracy), ("perplexity", score.Perplexity)];
}
