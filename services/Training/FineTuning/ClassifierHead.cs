using System.Diagnostics;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Training.Baselines;

namespace TransferPipeline.Training.FineTuning;

/// <summary>A logistic regression on an encoder's normalised mean embeddings, up to its one optimum.</summary>
internal static class ClassifierHead
{
    public const string Algorithm = "logistic";

    /// <summary>scikit-learn's, and so SetFit's.</summary>
    private const double UsualC = 1.0;

    /// <summary>Fits it to the train split, and leaves it with its encoder in a folder.</summary>
    public static (double Seconds, IReadOnlyList<string> Notes) Fit(FineTuningJob job, string encoder, string folder)
    {
        var watch = Stopwatch.StartNew();
        var spec = new BaselineSpec
        {
            Algorithm = Algorithm,
            C = job.Spec.C ?? UsualC,
            MaxTokens = job.Spec.MaxTokens,
        };
        using var trained = new BaselineTraining(spec, job.Compute.Threads, (path, _) => Open(job, path)).Train(
            job.Train,
            job.Dataset.Labels,
            encoder,
            job.Work.Progress,
            job.Work.Stop
        );
        var seconds = watch.Elapsed.TotalSeconds;

        var cutOff = trained.CutOff(job.Train.Texts);
        var longTexts = new LongTexts(job, "tokens", "what the encoder reads");
        longTexts.Check("train", job.Train, cutOff);
        BaselineFolder.Save(folder, trained, Algorithm, new Dictionary<string, double> { ["c"] = spec.C });
        return (seconds, [.. Notes(trained.Model), .. longTexts.Notes(cutOff)]);
    }

    /// <summary>An encoder that the step trained meets no text that another step has embedded.</summary>
    private static IEmbedder Open(FineTuningJob job, string encoder) =>
        encoder == job.BaseFolder
            ? KeptEncoder.Share(job.OpenEncoder(encoder), job.Work, job.Dataset, job.Train)
            : job.OpenEncoder(encoder);

    /// <summary>What a reader must know of a fit.</summary>
    public static IEnumerable<string> Notes(IBaselineModel model)
    {
        if (model is LinearModel { Converged: false })
            yield return "The fit ended at its largest number of iterations, before it had converged.";
    }
}
