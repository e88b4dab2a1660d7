using System.Globalization;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>Contracts two words (<c>is not</c>) or expands one (<c>isn't</c>); meaning and label stay.</summary>
public sealed class ContractionSwap : ITransformation
{
    private static readonly Dictionary<string, string> Long = new[]
    {
        "aren't=are not",
        "can't=can not",
        "couldn't=could not",
        "didn't=did not",
        "doesn't=does not",
        "don't=do not",
        "hadn't=had not",
        "hasn't=has not",
        "haven't=have not",
        "he'll=he will",
        "he's=he is",
        "i'll=i will",
        "i'm=i am",
        "i've=i have",
        "isn't=is not",
        "it'll=it will",
        "it's=it is",
        "mustn't=must not",
        "she'll=she will",
        "she's=she is",
        "shouldn't=should not",
        "that's=that is",
        "there's=there is",
        "they'll=they will",
        "they're=they are",
        "they've=they have",
        "wasn't=was not",
        "we'll=we will",
        "we're=we are",
        "we've=we have",
        "weren't=were not",
        "what's=what is",
        "who's=who is",
        "won't=will not",
        "wouldn't=would not",
        "you'll=you will",
        "you're=you are",
        "you've=you have",
    }
        .Select(pair => pair.Split('='))
        .ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly Dictionary<string, string> Short = Long.ToDictionary(pair => pair.Value, pair => pair.Key);

    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random)
    {
        foreach (var index in words)
        {
            var word = text.Words[index].Word;
            if (Long.TryGetValue(word.ToLowerInvariant(), out var expanded))
                yield return text.Replace(index, WordCase.Of(word, expanded));
            if (index + 1 >= text.Words.Count || text.Words[index + 1].Column != text.Words[index].Column)
                continue;
            var both = $"{word} {text.Words[index + 1].Word}".ToLowerInvariant();
            if (Short.TryGetValue(both, out var contracted))
                yield return text.Replace([(index, WordCase.Of(word, contracted)), (index + 1, "")]);
        }
    }
}

/// <summary>Another name of the same category stands for a name that the lists know; as many as asked are drawn.</summary>
public sealed class NameSwap(NameLists names, IReadOnlyList<string> categories, int count) : WordSwap
{
    private readonly Dictionary<string, string> _categoryOf = categories
        .SelectMany(category => names.Of(category).Select(name => (name, category)))
        .DistinctBy(pair => pair.name)
        .ToDictionary(pair => pair.name, pair => pair.category);

    public override IEnumerable<string> Replacements(string word, SeededRandom random)
    {
        if (!_categoryOf.TryGetValue(word, out var category))
            return [];
        string[] others = [.. names.Of(category).Where(name => name != word && !name.Contains(' '))];
        random.Shuffle<string>(others);
        return others.Take(count);
    }
}

/// <summary>Another number stands for a whole number, at most as far away as half of it; as many as asked are drawn.</summary>
public sealed class NumberSwap(int count) : WordSwap
{
    private const int Largest = 1_000_000_000;

    public override IEnumerable<string> Replacements(string word, SeededRandom random)
    {
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > Largest)
            return [];
        var reach = Math.Max(1, number / 2);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => Math.Max(0, number - reach + random.Next(2 * reach + 1)))
                .Where(other => other != number)
                .Distinct()
                .Select(other => other.ToString(CultureInfo.InvariantCulture)),
        ];
    }
}
