using System.Runtime.InteropServices;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>A model under attack, and what tells two texts apart for it.</summary>
internal interface IVictim
{
    IReadOnlyList<string> Labels { get; }

    /// <summary>Texts of one example and of equal keys have equal answers.</summary>
    VictimText Read(AttackedExample example, ModelText text);

    /// <summary>One answer per text.</summary>
    IReadOnlyList<VictimAnswer> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop);
}

/// <summary>A text as a victim reads it.</summary>
/// <param name="Tokens">Null where it reads the text itself.</param>
internal sealed record VictimText(string Key, ModelText Text, TokenSequence? Tokens)
{
    /// <summary>The answers that count as right, of a question.</summary>
    public IReadOnlyList<string>? Accepted { get; init; }
}

/// <summary>What a victim says about one text.</summary>
/// <param name="Probabilities">Of each label.</param>
/// <param name="Said">In words, where labels do not tell it.</param>
internal sealed record VictimAnswer(float[] Probabilities, string? Said = null);

/// <summary>Makes victims of models.</summary>
internal static class Victims
{
    public static IVictim Of(IClassifier model) =>
        model is ITokenClassifier reader ? new TokenVictim(reader) : new TextVictim(model);

    private static IReadOnlyList<VictimAnswer> Answers(IEnumerable<float[]> outputs) =>
        [.. outputs.Select(output => new VictimAnswer(output))];

    /// <summary>Two texts whose tokens are the same are one: a lower-casing tokenizer reads both alike.</summary>
    private sealed class TokenVictim(ITokenClassifier model) : IVictim
    {
        public IReadOnlyList<string> Labels => model.Labels;

        public VictimText Read(AttackedExample example, ModelText text)
        {
            var tokens = model.Encode(text);
            var key = new string(MemoryMarshal.Cast<int, char>(tokens.Ids));
            return new(text.Second is null ? key : $"{tokens.Second} {key}", text, tokens);
        }

        public IReadOnlyList<VictimAnswer> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop) =>
            Answers(model.Predict([.. texts.Select(text => text.Tokens!)], stop));
    }

    private sealed class TextVictim(IClassifier model) : IVictim
    {
        public IReadOnlyList<string> Labels => model.Labels;

        public VictimText Read(AttackedExample example, ModelText text) =>
            new(text.Second is null ? text.First : $"{text.First}\0{text.Second}", text, null);

        public IReadOnlyList<VictimAnswer> Predict(IReadOnlyList<VictimText> texts, CancellationToken stop) =>
            Answers(model.Predict([.. texts.Select(text => text.Text)], stop));
    }
}
