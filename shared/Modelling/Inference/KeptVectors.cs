namespace TransferPipeline.Modelling.Inference;

/// <summary>Where vectors of texts are kept.</summary>
/// <param name="Find">The file kept under a key, or null.</param>
/// <param name="Keep">Keeps what is written under a key.</param>
public sealed record KeptVectors(Func<string, string?> Find, Action<string, Action<Stream>> Keep);
