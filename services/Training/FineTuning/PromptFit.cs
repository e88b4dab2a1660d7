using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Prompting;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>The label as the word that a language model puts into a prompt.</summary>
internal static class PromptFit
{
    public static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        if (job.Dataset.Task is not (TaskType.Classification or TaskType.PairClassification))
            throw Bad(
                job,
                [$"strategy prompt says labels of texts; dataset {job.Dataset.Name} is for {job.Dataset.Task}."]
            );
        TaskFit.CheckSelection(job);
        PromptModel? model = null;
        try
        {
            model = PromptModel.Open(job.BaseFolder, settings);
            var prompt = Settings(job, model);
            var pair = job.Dataset.Task is TaskType.PairClassification;
            var prompts = new PromptedTexts(prompt, tokenizer, pair, model.IsCausal);
            var rows = LabelLoss.RowsRead(job);
            var task = new PromptTask(
                model,
                settings.Masks!,
                prompts,
                rows is null ? Examples(job.Train) : Examples(job.Train).Select(rows),
                job.Dev is null ? null : Examples(job.Dev),
                job.Spec.SelectBy,
                LabelLoss.Of(job)
            );
            return new(
                task,
                prompt.MaxTokens,
                model.NewWeights,
                Save,
                [.. Notes(job, prompts, prompt.MaxTokens)],
                example => job.Train.Ids[rows?[example] ?? example]
            );
        }
        catch (BadInputException problem)
        {
            model?.Dispose();
            throw Bad(job, problem.Problems);
        }

        void Save(string folder)
        {
            model.Save(folder);
            Settings(job, model).Save(folder);
        }
    }

    private static PromptSettings Settings(FineTuningJob job, PromptModel model) =>
        new(
            (model.IsCausal ? job.Spec.CausalTemplate : null) ?? job.Spec.Template!,
            job.Dataset.Labels,
            job.Spec.LabelWords!,
            Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens),
            job.Spec.Demonstrations,
            job.Spec.Seed,
            job.Spec.Demonstrations == 0
                ? []
                :
                [
                    .. job.Train.Texts.Zip(
                        job.Train.Targets,
                        (text, label) => new LabelledText(text.First, text.Second, (int)label)
                    ),
                ]
        );

    private static IEnumerable<string> Notes(FineTuningJob job, PromptedTexts prompts, int longest)
    {
        var cut = job.Train.Texts.Count(text => prompts.Plain(text).CutOff > 0);
        if (cut > 0)
            yield return $"{cut} of {job.Train.Count} training texts were cut so that their prompts fit into {longest} tokens.";
    }

    private static PromptExamples Examples(LabelledTexts texts) => new(texts.Texts, texts.Targets, texts.Weights);

    private static BadInputException Bad(FineTuningJob job, IReadOnlyList<string> problems) =>
        new([.. problems.Select(problem => $"Step {job.Work.Step.Name}: {problem}")]);
}
