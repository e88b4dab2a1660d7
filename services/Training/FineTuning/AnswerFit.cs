using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Where in a context the answer stands; of several accepted answers the first is learnt.</summary>
internal static class AnswerFit
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        var model = QuestionAnswering.Open(job.BaseFolder, settings);
        try
        {
            var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
            var (train, ids) = Encode(job, job.Train, tokenizer, longest);
            var dev = job.Dev is null ? null : Encode(job, job.Dev, tokenizer, longest).Windows;
            var task = new AnswerTask(model, settings.Masks!, tokenizer.PadId, train, dev);
            string[] notes =
                train.Count > job.Train.Count
                    ? [$"{job.Train.Count} contexts were read as {train.Count} windows of {longest} tokens."]
                    : [];
            return new(task, longest, model.NewWeights, model.Save, notes, window => ids[window]);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <returns>With the id of the row that each window is of.</returns>
    private static (List<AnsweredWindow> Windows, List<string> Ids) Encode(
        FineTuningJob job,
        LabelledTexts texts,
        ITokenizer tokenizer,
        int longest
    )
    {
        var windows = new List<AnsweredWindow>();
        var ids = new List<string>();
        foreach (var (text, label, id) in texts.Texts.Zip(texts.Labels, texts.Ids))
        {
            var answers = Answers.Read(label) ?? throw Bad("answers that can be read");
            var answer = answers.Count == 0 ? null : answers[0];
            var from = answer is null ? -1 : answer.StartIn(text.Second!) ?? throw Bad("an answer in its context");
            foreach (var window in ContextWindow.Of(tokenizer, text.First, text.Second!, longest, job.Spec.Stride))
            {
                var place = answer is null ? null : window.Find(from, from + answer.Text.Length);
                windows.Add(new(window.Tokens, place?.First ?? 0, place?.Last ?? 0));
                ids.Add(id);
            }

            BadInputException Bad(string expected) =>
                new($"{job.Dataset.Name}: the question '{text.First}' has the label '{label}'; expected {expected}.");
        }
        return (windows, ids);
    }
}
