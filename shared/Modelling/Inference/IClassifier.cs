namespace TransferPipeline.Modelling.Inference;

/// <summary>A text, or a pair of texts, to be read by a model.</summary>
public readonly record struct ModelText(string First, string? Second = null);

/// <summary>Any model that gives each text a probability for each label: a transformer with a head, or a baseline.</summary>
public interface IClassifier : IDisposable
{
    /// <summary>Label names in output order.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>Whether a row is one predicted number instead of probabilities.</summary>
    bool Regression => false;

    /// <summary>Probabilities, one row per text, each row summing to 1; the batch never changes a row.</summary>
    IReadOnlyList<float[]> Predict(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default);

    /// <summary>How much longer predictions would have taken without anything that was kept from before.</summary>
    TimeSpan Spared => TimeSpan.Zero;

    /// <summary>How many tokens of each text are not read, as it is too long; none where all of a text is.</summary>
    IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => new int[texts.Count];
}

/// <summary>Any encoder that gives each text a vector.</summary>
public interface IEmbedder : IDisposable
{
    /// <summary>Width of a vector.</summary>
    int Width { get; }

    /// <summary>L2-normalised means of the last hidden states over the unpadded tokens, one row per text.</summary>
    IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default);

    /// <summary>How much longer vectors would have taken without those that were kept from before.</summary>
    TimeSpan Spared => TimeSpan.Zero;

    /// <summary>How many tokens of each text are not read, as it is too long.</summary>
    IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => new int[texts.Count];
}
