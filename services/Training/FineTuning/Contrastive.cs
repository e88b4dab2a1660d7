using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// SetFit (Tunstall et al. 2022): the encoder learns from pairs of labelled texts which of them belong together; then a
/// logistic regression is fitted to its normalised mean embeddings. Nothing is selected, so the dev split is not read.
/// </summary>
internal sealed class Contrastive(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    public string Name => "contrastive";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        job = job.ForEveryLabel(Name, options.Value.ThreadsOrCores) with { Dev = null };
        if (job.Spec is { Updates: null, Epochs: null })
            job = job with { Spec = job.Spec with { Epochs = 1 } };
        var pairs = Pairs(job);
        var encoder = Directory.CreateDirectory(Path.Combine(job.Work.Scratch, "encoder-of-pairs")).FullName;
        var trained = AllWeights.Train(job, encoder, Open);

        var head = ClassifierHead.Fit(job, encoder, folder);
        return trained with
        {
            Seconds = trained.Seconds + head.Seconds,
            Notes = [.. trained.Notes, $"The encoder read {pairs.Count} pairs an epoch.", .. head.Notes],
        };

        TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
        {
            var model = SentenceEncoder.Open(job.BaseFolder, settings);
            var longest = Math.Min(job.Spec.MaxTokens, model.Encoder.MaxTokens);
            TokenSequence[] tokens =
            [
                .. job.Train.Texts.Select(text => tokenizer.Encode(text.First, text.Second, longest)),
            ];
            var task = new PairTask(model, settings.Masks!, tokenizer.PadId, tokens, pairs);
            return new(task, longest, model.NewWeights, model.Save, [], IdOf);

            string IdOf(int pair) => $"{job.Train.Ids[pairs[pair].First]} with {job.Train.Ids[pairs[pair].Second]}";
        }
    }

    private static IReadOnlyList<TextPair> Pairs(FineTuningJob job)
    {
        var all = TextPairs.Count(job.Train.Count);
        if (all > TextPairs.Most)
            throw new BadInputException(
                $"Step {job.Work.Step.Name}: {job.Train.Count} labelled texts make {all} pairs; expected at most {TextPairs.Most}, so sample fewer texts."
            );
        return
            TextPairs.Of(
                [.. job.Train.Targets.Select(target => (int)target)],
                job.Spec.Pairs,
                job.Spec.PairIterations,
                job.Spec.Seed
            )
                is { Count: > 0 } pairs
            ? pairs
            : throw new BadInputException(
                $"Step {job.Work.Step.Name}: {job.Train.Count} labelled text makes no pair; expected at least two."
            );
    }
}
