using System.Text;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>Where in a word a character may be changed.</summary>
/// <param name="One">Whether one place is drawn; else every place is tried.</param>
/// <param name="KeepFirst">Whether the first character stays.</param>
/// <param name="KeepLast">Whether the last character stays.</param>
public sealed record CharacterPlaces(bool One = true, bool KeepFirst = false, bool KeepLast = false)
{
    /// <param name="end">Behind the last place, where nothing is kept.</param>
    internal IEnumerable<int> Of(int end, SeededRandom random)
    {
        var from = KeepFirst ? 1 : 0;
        var to = KeepLast ? end - 1 : end;
        if (from >= to)
            return [];
        return One ? [from + random.Next(to - from)] : Enumerable.Range(from, to - from);
    }
}

/// <summary>Changes a character of a word; a word of one character stays.</summary>
public abstract class CharacterChange(CharacterPlaces places) : WordSwap
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public override IEnumerable<string> Replacements(string word, SeededRandom random)
    {
        string[] characters = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
        return characters.Length <= 1
            ? []
            : places.Of(End(characters.Length), random).SelectMany(at => Changed(characters, at, random));
    }

    /// <summary>Behind the last place that may be changed.</summary>
    protected virtual int End(int length) => length;

    /// <summary>The words with that place changed.</summary>
    protected abstract IEnumerable<string> Changed(string[] characters, int at, SeededRandom random);

    /// <summary>Other characters in the place of some.</summary>
    protected static string Put(string[] characters, int at, int count, string instead) =>
        string.Concat([.. characters[..at], instead, .. characters[(at + count)..]]);

    /// <summary>A small or capital letter of the English alphabet.</summary>
    protected static string Letter(SeededRandom random) => Letters[random.Next(Letters.Length)].ToString();
}

/// <summary>Two neighbouring characters change places.</summary>
public sealed class NeighbouringCharacterSwap(CharacterPlaces places) : CharacterChange(places)
{
    protected override int End(int length) => length - 1;

    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 2, characters[at + 1] + characters[at])];
}

/// <summary>A random letter stands for a character.</summary>
public sealed class CharacterSubstitution(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 1, Letter(random))];
}

/// <summary>A character is left out.</summary>
public sealed class CharacterDeletion(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 1, "")];
}

/// <summary>A random letter stands before a character.</summary>
public sealed class CharacterInsertion(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 0, Letter(random))];
}

/// <summary>The neighbours of a key stand for its character.</summary>
public sealed class AdjacentKey(CharacterPlaces places, Keyboard keyboard) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        keyboard.Beside(Rune.GetRuneAt(characters[at], 0)).Select(key => Put(characters, at, 1, key));
}

/// <summary>A character that looks the same stands for a character.</summary>
public sealed class HomoglyphSwap(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        Homoglyphs.Of(Rune.GetRuneAt(characters[at], 0)) is { } other ? [Put(characters, at, 1, other)] : [];
}

/// <summary>A space parts a word in two.</summary>
public sealed class SpaceInsertion(CharacterPlaces places) : CharacterChange(places)
{
    protected override IEnumerable<string> Changed(string[] characters, int at, SeededRandom random) =>
        [Put(characters, at, 0, " ")];
}
