using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>A character that has no width stands before a character (Boucher et al. 2022, arXiv:2106.09898).</summary>
public sealed class InvisibleInsertion(CharacterPlaces places) : CharacterChange(places)
{
    /// <summary>Zero width space, non-joiner and joiner.</summary>
    private static readonly string[] Invisible = ["\u200b", "\u200c", "\u200d"];

    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        Invisible.Select(invisible => Put(characters, at, 0, invisible));
}

/// <summary>
/// Two neighbouring characters change places, between marks of direction that show them as they were (Boucher et al.).
/// </summary>
public sealed class InvisibleReordering(CharacterPlaces places) : CharacterChange(places)
{
    private const string LeftToRight = "\u202d"; // LRO
    private const string RightToLeft = "\u202e"; // RLO
    private const string Isolate = "\u2066"; // LRI
    private const string EndOfIsolate = "\u2069"; // PDI
    private const string EndOfDirection = "\u202c"; // PDF

    protected override int End(int length) => length - 1;

    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 2, Swapped(characters[at], characters[at + 1]))];

    private static string Swapped(string first, string second) =>
        LeftToRight
        + Isolate
        + RightToLeft
        + Isolate
        + second
        + EndOfIsolate
        + Isolate
        + first
        + EndOfIsolate
        + EndOfDirection
        + EndOfIsolate
        + EndOfDirection;
}

/// <summary>A random letter that a backspace takes back stands before a character (Boucher et al.).</summary>
public sealed class ErasedInsertion(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 0, Letter(random) + "\b")];
}

/// <summary>A word and the next one are written as one, where only a blank lies between them.</summary>
public sealed class WordJoin : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random) =>
        words
            .Where(word => word + 1 < text.Words.Count && OnlyBlankBehind(text, word))
            .Select(word => text.Replace([(word, text.Words[word].Word + text.Words[word + 1].Word), (word + 1, "")]));

    private static bool OnlyBlankBehind(PerturbedText text, int word)
    {
        var (one, next) = (text.Words[word], text.Words[word + 1]);
        return one.Column == next.Column
            && next.Start == one.End + 1
            && TextWindow.Column(text, one.Column)[one.End] == ' ';
    }
}
