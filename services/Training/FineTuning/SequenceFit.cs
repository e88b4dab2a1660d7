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
        var model = SequenceClassification.Open(job.BaseFolder, settings, Task(job));
        var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
        var dev = job.Dev is null ? null : Encode(job.Dev, tokenizer, longest);
        var train = Encode(job.Train, tokenizer, longest);
        var task = new SequenceTask(
            model,
            settings.Masks!,
            tokenizer.PadId,
            train,
            dev,
            job.Spec.SelectBy,
            job.IsRegression ? null : LabelLoss(job)
        );
        return new(task, longest, model.NewWeights, model.Save, [.. Notes(job.Train, train, tokenizer, longest)]);
    }

    private static ClassifierTask Task(FineTuningJob job) =>
        new(
            job.IsRegression ? ["LABEL_0"] : job.Dataset.Labels,
            job.IsRegression,
            job.Spec.Pooling == "mean" ? Pooling.Mean : Pooling.Pooler
        );

    /// <summary>What is added to cross-entropy.</summary>
    public static ClassificationLoss LabelLoss(FineTuningJob job) =>
        new(
            job.Spec.LabelSmoothing,
            job.Spec.Focal,
            job.Spec.ClassWeights == "balanced" ? Balanced(job) : null,
            job.Spec.RDrop
        );

    /// <summary>Rows per label ÷ rows of that label, as scikit-learn's <c>balanced</c>; 1 for a label without rows.</summary>
    private static float[] Balanced(FineTuningJob job)
    {
        var counts = job.Train.Targets.CountBy(target => (int)target).ToDictionary();
        var mean = (float)job.Train.Count / job.Dataset.Labels.Count;
        return
        [
            .. job.Dataset.Labels.Select((_, label) => counts.TryGetValue(label, out var count) ? mean / count : 1),
        ];
    }

    private static IEnumerable<string> Notes(
        LabelledTexts texts,
        TrainingExamples train,
        ITokenizer tokenizer,
        int longest
    )
    {
        const int noLimit = int.MaxValue / 2;
        var cut = Enumerable
            .Range(0, texts.Count)
            .Where(row => train.Tokens[row].Length == longest)
            .Count(row => tokenizer.Encode(texts.Texts[row].First, texts.Texts[row].Second, noLimit).Length > longest);
        if (cut > 0)
            yield return $"{cut} of {texts.Count} training texts are longer than the {longest} tokens that are read; the rest of them was cut off.";
    }

    private static TrainingExamples Encode(LabelledTexts texts, ITokenizer tokenizer, int longest) =>
        new(
            [.. texts.Texts.Select(text => tokenizer.Encode(text.First, text.Second, longest))],
            texts.Targets,
            texts.Weights
        );
}
