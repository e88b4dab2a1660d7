using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Opens the model in a folder, whatever its kind.</summary>
internal interface IClassifierOpener
{
    IClassifier Open(string folder);

    ITagger OpenTagger(string folder) => TokenTagger.Open(folder);

    IEmbedder OpenEmbedder(string folder) => TransformerEmbedder.Open(folder, int.MaxValue);

    LanguageReader OpenLanguageModel(string folder) => LanguageReader.Open(folder);

    IAnswerer OpenAnswerer(string folder) => AnswerFinder.Open(folder);
}
