using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Attacks.Recipes;

/// <summary>What a recipe may take: packs of words, models beside the victim, and what the victim tells of itself.</summary>
/// <param name="folderOf">The folder of the model given by that name, or null.</param>
public sealed class RecipeResources(
    LexiconSet lexicons,
    IClassifier? victim = null,
    Func<string, string?>? folderOf = null
) : IDisposable
{
    private const int LongestText = 512;

    private readonly List<IDisposable> _opened = [];
    private IEmbedder? _encoder;
    private HiddenWords? _maskedModel;
    private LanguageReader? _languageModel;
    private WordVectors? _vectors;

    internal LexiconSet Lexicons => lexicons;

    /// <summary>The victim's labels in output order.</summary>
    internal IReadOnlyList<string> Labels => victim?.Labels ?? [];

    /// <exception cref="BadInputException">The victim has none.</exception>
    internal IInputGradients Gradients(string user) =>
        victim as IInputGradients
        ?? throw new BadInputException(
            $"model: {user} follows the model's gradients; expected a fine-tuned transformer that classifies"
        );

    internal IEmbedder Encoder(string user) =>
        _encoder ??= Opened(
            TransformerEmbedder.Open(Folder(AttackNeeds.Encoder, user), LongestText, ComputeOptions.AllProcessors)
        );

    internal HiddenWords MaskedModel(string user) =>
        _maskedModel ??= Opened(
            HiddenWords.Open(Folder(AttackNeeds.MaskedModel, user), LongestText, ComputeOptions.AllProcessors)
        );

    internal LanguageReader LanguageModel(string user) =>
        _languageModel ??= Opened(LanguageReader.Open(Folder(AttackNeeds.LanguageModel, user)));

    internal WordVectors Vectors(string user) =>
        _vectors ??= Opened(WordVectors.Open(Folder(AttackNeeds.Vectors, user), ComputeOptions.AllProcessors));

    public void Dispose() => _opened.ForEach(one => one.Dispose());

    private string Folder(string name, string user) =>
        folderOf?.Invoke(name) ?? throw new BadInputException(AttackNeeds.Missing(name, user));

    private T Opened<T>(T model)
        where T : IDisposable
    {
        _opened.Add(model);
        return model;
    }
}
