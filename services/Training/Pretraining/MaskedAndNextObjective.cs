using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.Pretraining;

/// <summary>BERT's own: masked tokens, and whether the second text follows the first. A text is a document.</summary>
internal sealed class MaskedAndNextObjective : IPretrainingObjective
{
    public string Name => "masked-and-next";

    public ObjectiveInUse Open(PretrainingJob job)
    {
        var corruption = MaskedObjective.Corruption(job.Work, job.Tokenizer, job.Spec.MaskRate, job.Spec.WholeWords);
        var documents = Documents(job.Texts.Train);
        if (documents.Count < 2)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: {documents.Count} of {job.Texts.Train.Count} texts in {job.Work.Dataset().Name} "
                    + "have two sentences; expected at least two such texts to draw pairs from."
            );
        var model = MaskedAndNextModel.Open(job.Folder, job.Settings);
        var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
        var task = new MaskedAndNextTask(
            model,
            job.Masks,
            corruption,
            job.Tokenizer.PadId,
            new FollowingTexts(documents, job.Tokenizer, longest),
            new FollowingTexts(Documents(job.Texts.HeldOut), job.Tokenizer, longest),
            job.Spec.Seed
        );
        return new(task, model.Encoder, model.NewWeights, model.Save, Scores);
    }

    private static List<IReadOnlyList<string>> Documents(IEnumerable<Example> rows) =>
        [.. rows.Select(Sentences.Of).Where(sentences => sentences.Count > 1)];

    private static IEnumerable<(string Name, double Value)> Scores(LanguageScore score) =>
        [.. MaskedObjective.Scores(score), ("nextAccuracy", score.NextAccuracy ?? 0)];
}
