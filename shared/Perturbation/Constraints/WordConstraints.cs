using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Constraints;

/// <summary>A word that was changed is not changed again.</summary>
public sealed class NoRepeatedChange : IWordConstraint
{
    public bool Allows(PerturbedText text, int word) => !text.IsModified(word);
}

/// <summary>Stop words stay; as in TextAttack, a word with a capital letter is none.</summary>
public sealed class NoStopWords(StopWords stopWords) : IWordConstraint
{
    public bool Allows(PerturbedText text, int word) => !stopWords.ContainsAsWritten(text.Words[word].Word);
}

/// <summary>Short words stay.</summary>
/// <param name="characters">The fewest of a word that may be changed.</param>
public sealed class MinimumWordLength(int characters) : IWordConstraint
{
    public bool Allows(PerturbedText text, int word) => text.Words[word].Word.EnumerateRunes().Count() >= characters;
}

/// <summary>Only the words of one text of a pair are changed; of a single text all.</summary>
/// <param name="column">0 for the first text, 1 for the second.</param>
public sealed class OnlyColumn(int column) : IWordConstraint
{
    public bool Allows(PerturbedText text, int word) => text.Model.Second is null || text.Words[word].Column == column;
}

/// <summary>Some words of the original stay as they are, whatever is done beside them.</summary>
/// <param name="words">By their index in the original.</param>
public sealed class KeptWords(IReadOnlySet<int> words) : IWordConstraint, ITextConstraint
{
    public bool Allows(PerturbedText text, int word) => words.All(kept => text.PlaceOf(kept) != word);

    public bool Allows(PerturbedText candidate, PerturbedText current) =>
        words.All(kept =>
            candidate.PlaceOf(kept) is >= 0 and var place
            && candidate.Words[place].Word == candidate.Original.Words[kept].Word
        );
}
