using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Opens baselines and transformers.</summary>
internal sealed class ClassifierOpener : IClassifierOpener
{
    public IClassifier Open(string folder) => Classifiers.Open(folder);
}
