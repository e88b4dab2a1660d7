using System.Runtime.InteropServices;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>A model under attack, and what tells two texts apart for it.</summary>
internal interface IVictim
{
    IReadOnlyList<string> Labels { get; }

    /// <summary>Texts of equal keys have equal answers.</summary>
    VictimText Read(ModelText text);

    /// <summary>Probabilities, one row per text.</summary>
    IReadOnlyList<float[]> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop);
}

/// <summary>A text as a victim reads it.</summary>
/// <param name="Tokens">Null where it reads the text itself.</param>
internal sealed record VictimText(string Key, ModelText Text, TokenSequence? Tokens);

/// <summary>Makes victims of models.</summary>
internal static class Victims
{
    public static IVictim Of(IClassifier model) =>
        model is ITokenClassifier reader ? new TokenVictim(reader) : new TextVictim(model);

    /// <summary>Two texts whose tokens are the same are one: a lower-casing tokenizer reads both alike.</summary>
    private sealed class TokenVictim(ITokenClassifier model) : IVictim
    {
        public IReadOnlyList<string> Labels => model.Labels;

        public VictimText Read(ModelText text)
        {
            var tokens = model.Encode(text);
            var key = new string(MemoryMarshal.Cast<int, char>(tokens.Ids));
            return new(text.Second is null ? key : $"{tokens.Second} {key}", text, tokens);
        }

        public IReadOnlyList<float[]> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop) =>
            model.Predict([.. texts.Select(text => text.Tokens!)], stop);
    }

    private sealed class TextVictim(IClassifier model) : IVictim
    {
        public IReadOnlyList<string> Labels => model.Labels;

        public VictimText Read(ModelText text) =>
            new(text.Second is null ? text.First : $"{text.First}\0{text.Second}", text, null);

        public IReadOnlyList<float[]> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop) =>
            model.Predict([.. texts.Select(text => text.Text)], stop);
    }
}
