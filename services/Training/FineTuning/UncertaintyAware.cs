using Microsoft.Extensions.Options;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>
/// UST (Mukherjee and Awadallah 2020): many passes with dropout tell how sure a teacher is; its students read as many texts
/// of each label, the likelier the surer (or the less sure) dropout is of them, and each counts −log of its variance.
/// </summary>
/// <remarks>
/// Two deviations from the authors' code: a student also reads the true labels, as often in all, and begins from the
/// pretrained weights. A label with too few texts gives all of them instead of some twice.
/// </remarks>
internal sealed class UncertaintyAware(IOptions<TrainingOptions> options) : IFineTuningStrategy
{
    /// <summary>The authors': keeps the logarithm of a variance of 0 finite.</summary>
    private const double Least = 1e-10;

    public string Name => "ust";

    public TrainedModel Train(FineTuningJob job, string folder)
    {
        job = job.ForEveryLabel(Name, options.Value.ThreadsOrCores);
        var pool = UnlabelledTexts.Read(job.Work, job.Dataset, job.Spec.Pool, job.Spec.Seed);
        if (job.Spec.Guard)
            DevScore.Split(job);
        return new StudentRounds(job, pool, Open, (teacher, round) => Label(job, pool, teacher, round)).Run(folder);
    }

    private static TaskFit Open(FineTuningJob job, ITokenizer tokenizer, ModelSettings settings)
    {
        var fit = TaskFit.Of(job, tokenizer, settings);
        fit.Task.Model.train();
        if (DropoutPasses.HasDropout(fit.Task.Model))
            return fit;
        fit.Dispose();
        throw new BadInputException(
            $"Step {job.Work.Step.Name}: the model's configuration has no dropout, and strategy ust measures what it changes; expected a 'dropout' above 0."
        );
    }

    private static List<PseudoLabel> Label(FineTuningJob job, UnlabelledTexts pool, string teacher, int round)
    {
        var votes = new DropoutVotes(pool.Count, job.Dataset.Labels.Count);
        var settings = TaskFit.Settings(job) with { Masks = new DropoutMasks(job.Spec.Seed + round) };
        using (
            var passes = DropoutPasses.Open(
                teacher,
                settings with
                {
                    FromScratch = false,
                    NewTopBlocks = 0,
                },
                job.Compute
            )
        )
            for (var pass = 0; pass < job.Spec.Passes; pass++)
            {
                votes.Add(passes.Predict(pool.Texts, pass, job.Work.Stop));
                job.Work.Progress.Report(
                    new((pass + 1.0) / job.Spec.Passes, $"pass {pass + 1} of {job.Spec.Passes} for student {round}")
                );
            }
        return Draw(job, votes, pool.Count, round);
    }

    private static List<PseudoLabel> Draw(FineTuningJob job, DropoutVotes votes, int texts, int round)
    {
        var each = Math.Max(1, job.Spec.Drawn / job.Dataset.Labels.Count);
        var drawn = new List<PseudoLabel>();
        foreach (var group in Enumerable.Range(0, texts).GroupBy(votes.Label).OrderBy(group => group.Key))
        {
            int[] rows = [.. group];
            var weights = Array.ConvertAll(
                rows,
                row => job.Spec.Sampling == "easy" ? Math.Max(0, 1 - votes.Bald(row)) : votes.Bald(row)
            );
            var random = new CounterRandom(job.Spec.Seed, "ust", round, group.Key);
            drawn.AddRange(
                WeightedDraw
                    .Rows(weights, each, random)
                    .Select(i => new PseudoLabel(
                        rows[i],
                        group.Key,
                        (float)-Math.Log(votes.Variance(rows[i], group.Key) + Least)
                    ))
            );
        }
        // To a mean of 1, so that pseudo-labels count as much as true ones in all.
        var mean = drawn.Average(found => found.Weight);
        return [.. drawn.Select(found => found with { Weight = found.Weight / mean })];
    }
}
