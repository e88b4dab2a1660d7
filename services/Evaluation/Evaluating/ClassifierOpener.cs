using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Opens baselines and transformers.</summary>
/// <param name="kept">Where vectors of texts are kept, which many models of one encoder ask for; left out, nowhere.</param>
internal sealed class ClassifierOpener(KeptFiles? kept = null) : IClassifierOpener
{
    public IClassifier Open(string folder) =>
        Classifiers.Open(
            folder,
            kept: kept is null ? null : new(key => kept.Find(key), (key, write) => kept.Keep(key, write))
        );
}
