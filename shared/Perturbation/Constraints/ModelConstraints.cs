using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Constraints;

/// <summary>Asks a model about all candidates of a text at once.</summary>
public abstract class ModelConstraint : ITextConstraint
{
    public bool Allows(PerturbedText candidate, PerturbedText current) => Kept([candidate], current).Count == 1;

    public abstract IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current);

    /// <summary>Rounded: what is behind that depends on the other texts of a batch.</summary>
    private protected static double Rounded(double value) => Math.Round(value, 5);
}

/// <summary>How alike two vectors are.</summary>
public enum Similarity
{
    /// <summary>The cosine of their angle.</summary>
    Cosine,

    /// <summary>1 less their angle as a share of a half turn.</summary>
    Angular,
}

/// <summary>By a sentence encoder the text says what the original, or what the text before the last edit, said.</summary>
/// <param name="window">How many words around the first edited one are read; null: all of the text.</param>
/// <param name="skipsShort">Whether texts of fewer words than the window pass.</param>
/// <param name="toOriginal">Whether it is held against the original.</param>
public sealed class SentenceSimilarity(
    IEmbedder encoder,
    double least,
    Similarity similarity = Similarity.Cosine,
    int? window = null,
    bool skipsShort = false,
    bool toOriginal = true
) : ModelConstraint
{
    public override IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current)
    {
        var asked = candidates.Where(candidate => !Passes(candidate)).ToList();
        if (asked.Count == 0)
            return candidates;
        var texts = asked
            .SelectMany(candidate => new[] { Read(Before(candidate, current), candidate), Read(candidate, candidate) })
            .Distinct()
            .ToArray();
        var vectors = texts
            .Zip(encoder.Embed([.. texts.Select(text => new ModelText(text))]))
            .ToDictionary(pair => pair.First, pair => pair.Second);
        var refused = asked
            .Where(candidate =>
                Alike(vectors[Read(Before(candidate, current), candidate)], vectors[Read(candidate, candidate)]) < least
            )
            .ToHashSet();
        return [.. candidates.Where(candidate => !refused.Contains(candidate))];
    }

    private bool Passes(PerturbedText candidate) => skipsShort && candidate.Words.Count < window;

    private PerturbedText Before(PerturbedText candidate, PerturbedText current) =>
        toOriginal ? candidate.Original : current;

    private string Read(PerturbedText text, PerturbedText candidate) =>
        TextWindow.Around(text, candidate.NewlyModified.FirstOrDefault(), window);

    private double Alike(float[] one, float[] other)
    {
        var cosine = Rounded(one.Zip(other, (a, b) => (double)a * b).Sum());
        return similarity is Similarity.Cosine ? cosine : Rounded(1 - Math.Acos(Math.Clamp(cosine, -1, 1)) / Math.PI);
    }
}

/// <summary>
/// To a causal language model each word that was put in is at most so much more surprising than the word that stood there, in nats,
/// both read behind the words before them.
/// </summary>
/// <param name="window">How many words before are read; null: all.</param>
public sealed class MaximumSurprise(LanguageReader model, double most, int? window = null) : ModelConstraint
{
    private readonly LanguageReader _model = Causal.Of(model);

    public override IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current)
    {
        var pairs = candidates
            .SelectMany(candidate => candidate.NewlyModified.Select(word => (Candidate: candidate, Word: word)))
            .ToList();
        var losses = Causal.Losses(
            _model,
            pairs.SelectMany(pair =>
                Read(pair.Candidate, pair.Word).Concat(Read(Before(pair.Candidate, current), pair.Word))
            )
        );
        var refused = pairs
            .Where(pair =>
                Rounded(Surprise(pair.Candidate, pair.Word) - Surprise(Before(pair.Candidate, current), pair.Word))
                > most
            )
            .Select(pair => pair.Candidate)
            .ToHashSet();
        return [.. candidates.Where(candidate => !refused.Contains(candidate))];

        double Surprise(PerturbedText text, int word)
        {
            var read = Read(text, word);
            return losses[read[1]] - losses[read[0]];
        }
    }

    private static PerturbedText Before(PerturbedText candidate, PerturbedText current) =>
        candidate.Previous ?? current;

    /// <summary>The words before, and the same with the word.</summary>
    private string[] Read(PerturbedText text, int word)
    {
        word = Math.Min(word, text.Words.Count - 1);
        var from = window is { } words ? Math.Max(0, word - words) : 0;
        return [TextWindow.Between(text, from, word - from), TextWindow.Between(text, from, word - from + 1)];
    }
}

/// <summary>To a causal language model the text's perplexity is at most so many times that of the original.</summary>
public sealed class MaximumPerplexity(LanguageReader model, double times) : ModelConstraint
{
    private readonly LanguageReader _model = Causal.Of(model);

    public override IReadOnlyList<PerturbedText> Kept(IReadOnlyList<PerturbedText> candidates, PerturbedText current)
    {
        var read = candidates.Append(current.Original).Select(text => text.Model).Distinct().ToArray();
        var foretold = read.Zip(_model.Read(read)).ToDictionary(pair => pair.First, pair => Mean(pair.Second));
        var most = foretold[current.Original.Model] + Math.Log(times);
        return [.. candidates.Where(candidate => foretold[candidate.Model] <= most)];
    }

    private static double Mean(ForetoldText text) => text.Tokens == 0 ? 0 : Rounded(text.Loss / text.Tokens);
}

/// <summary>What both of them ask of their model.</summary>
internal static class Causal
{
    /// <exception cref="BadInputException">A masked model, which foretells only some words of a text.</exception>
    public static LanguageReader Of(LanguageReader model) =>
        model.Causal
            ? model
            : throw new BadInputException(
                "languageModel: a masked language model foretells only some words of a text; expected a causal one"
            );

    /// <summary>The loss of each text; 0 of one without words.</summary>
    public static Dictionary<string, double> Losses(LanguageReader model, IEnumerable<string> texts)
    {
        var read = texts.Where(text => text.Length > 0).Distinct().ToArray();
        var losses = read.Zip(model.Read([.. read.Select(text => new ModelText(text))]))
            .ToDictionary(pair => pair.First, pair => pair.Second.Loss);
        losses[""] = 0;
        return losses;
    }
}
