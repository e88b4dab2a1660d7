using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Baselines;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Prompting;

namespace TransferPipeline.Modelling.Inference;

/// <summary>Classifiers by what their folder holds.</summary>
public static class Classifiers
{
    /// <summary>A baseline, a fine-tuned transformer, or a language model with its prompt.</summary>
    /// <param name="kept">Where a baseline's vectors of texts are kept; left out, they are computed each time.</param>
    /// <exception cref="BadInputException">The folder holds none of them, or a damaged one.</exception>
    public static IClassifier Open(string folder, ComputeOptions? compute = null, KeptVectors? kept = null)
    {
        if (File.Exists(Path.Combine(folder, BaselineFolder.Description)))
            return BaselineClassifier.Open(
                folder,
                (path, maxTokens) =>
                    kept is null
                        ? TransformerEmbedder.Open(path, maxTokens, compute)
                        : new RememberingEmbedder(path, maxTokens, compute ?? ComputeOptions.AllProcessors, kept)
            );
        if (PromptSettings.AreIn(folder))
            return PromptClassifier.Open(folder, compute);
        if (File.Exists(Path.Combine(folder, ConfigFile.FileName)))
            return TransformerClassifier.Open(folder, compute);
        throw new BadInputException(
            $"{folder}: holds no model; expected {ConfigFile.FileName} or {BaselineFolder.Description}."
        );
    }
}
