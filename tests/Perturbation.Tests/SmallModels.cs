using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Perturbation.Tests;

/// <summary>Models of 3 layers with random weights: what they say means nothing, but it is always the same.</summary>
internal static class SmallModels
{
    private static readonly Lazy<TransformerClassifier> LazyVictim = new(() =>
        TransformerClassifier.Open(Folder("bert-sequence-classification"))
    );
    private static readonly Lazy<WordVectors> LazyVectors = new(() =>
        WordVectors.Open(Folder("bert-masked-lm"), ComputeOptions.AllProcessors)
    );
    private static readonly Lazy<WordGaps> LazyGaps = new(() =>
        new(HiddenWords.Open(Folder("bert-masked-lm"), 48, ComputeOptions.AllProcessors))
    );
    private static readonly Lazy<IEmbedder> LazyEncoder = new(() =>
        TransformerEmbedder.Open(Folder("bert-masked-lm"), 48)
    );
    private static readonly Lazy<LanguageReader> LazyLanguage = new(() =>
        LanguageReader.Open(Folder("gpt2-causal-lm"))
    );

    public static TransformerClassifier Victim => LazyVictim.Value;
    public static WordVectors Vectors => LazyVectors.Value;
    public static WordGaps Gaps => LazyGaps.Value;
    public static IEmbedder Encoder => LazyEncoder.Value;
    public static LanguageReader Language => LazyLanguage.Value;

    public static string Folder(string name) => GoldenFolders.Of(name)[0];
}
