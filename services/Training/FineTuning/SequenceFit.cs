using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>One label, or one number, for a text or a pair.</summary>
internal static class SequenceFit
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        if (job.Spec.Mixup is not > 0)
            return Open(job, tokenizer, settings, (task, model, _) => AgainstMovedEmbeddings.Of(job.Spec, task, model));
        var groups = MixupGroups.Find(job);
        var fit = Open(job, tokenizer, settings, (task, model, _) => groups.Mix(task, model));
        return fit with { Notes = [.. fit.Notes, .. groups.Notes] };
    }

    /// <param name="more">What is learnt besides, of the same model, given the tokens that are read of a text.</param>
    public static TaskFit Open(
        FineTuningJob job,
        ITokenizer tokenizer,
        ModelSettings settings,
        Func<SequenceTask, SequenceClassification, int, ITrainingTask> more
    )
    {
        var model = SequenceClassification.Open(job.BaseFolder, settings, Task(job));
        try
        {
            var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
            var dev = job.Dev is null ? null : Encode(job.Dev, tokenizer, longest);
            var train = Encode(job.Train, tokenizer, longest);
            var cutOff = CutOff(job.Train, train, tokenizer, longest);
            var longTexts = new LongTexts(job, "tokens", $"the {longest} tokens that are read");
            longTexts.Check("train", job.Train, cutOff);
            longTexts.Check("dev", job.Dev, CutOff(job.Dev, dev, tokenizer, longest));
            var (masks, pad) = (settings.Masks!, tokenizer.PadId);
            var rows = LabelLoss.RowsRead(job);
            var task = new SequenceTask(
                model,
                masks,
                pad,
                rows is null ? train : train.Select(rows),
                dev,
                job.Spec.SelectBy,
                job.IsRegression ? null : LabelLoss.Of(job)
            );
            return new(
                more(task, model, longest),
                longest,
                model.NewWeights,
                model.Save,
                [.. longTexts.Notes(cutOff)],
                example => job.Train.Ids[rows?[example] ?? example]
            );
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static ClassifierTask Task(FineTuningJob job) =>
        new(
            job.IsRegression ? ["LABEL_0"] : job.Dataset.Labels,
            job.IsRegression,
            job.Spec.Pooling == "mean" ? Pooling.Mean : Pooling.Pooler
        );

    /// <summary>Of each row the tokens that are not read.</summary>
    private static int[] CutOff(LabelledTexts? texts, TrainingExamples? encoded, ITokenizer tokenizer, int longest) =>
        texts is null || encoded is null
            ? []
            :
            [
                .. texts.Texts.Zip(
                    encoded.Tokens,
                    (text, tokens) => tokens.Length < longest ? 0 : tokenizer.CutOff(text.First, text.Second, longest)
                ),
            ];

    private static TrainingExamples Encode(LabelledTexts texts, ITokenizer tokenizer, int longest) =>
        new(
            [.. texts.Texts.Select(text => tokenizer.Encode(text.First, text.Second, longest))],
            texts.Targets,
            texts.Weights
        );
}
