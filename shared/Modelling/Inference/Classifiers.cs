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
    /// <exception cref="BadInputException">The folder holds none of them, or a damaged one.</exception>
    public static IClassifier Open(string folder, ComputeOptions? compute = null)
    {
        if (File.Exists(Path.Combine(folder, BaselineFolder.Description)))
            return BaselineClassifier.Open(
                folder,
                (path, maxTokens) => TransformerEmbedder.Open(path, maxTokens, compute)
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
