using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>The words by which a language model tells labels apart.</summary>
internal static class LabelWords
{
    /// <summary>
    /// The id of each label's word. A word is read with a blank before it, as inside a sentence: to byte pairs
    /// <c>great</c> and <c> great</c> are two tokens.
    /// </summary>
    /// <exception cref="BadInputException">A label without a word, a word without a label, or one that is not one token; all at once.</exception>
    public static int[] Ids(
        IReadOnlyList<string> labels,
        IReadOnlyDictionary<string, string> words,
        ITokenizer tokenizer
    )
    {
        List<string> problems =
        [
            .. words
                .Keys.Where(label => !labels.Contains(label))
                .Select(label => $"labelWords: '{label}' is no label; expected words for {string.Join(", ", labels)}."),
            .. labels
                .Where(label => !words.ContainsKey(label))
                .Select(label => $"labelWords: the label '{label}' has no word."),
        ];
        var ids = new int[labels.Count];
        foreach (var (number, label) in labels.Index())
        {
            if (!words.TryGetValue(label, out var word))
                continue;
            var read = " " + word.Trim();
            var pieces = tokenizer.Spans(read);
            if (pieces is [var only] && !tokenizer.SpecialIds.Contains(only.Id))
                ids[number] = only.Id;
            else
                problems.Add(
                    pieces.Count == 1
                        ? $"labelWords: the word '{word}' of label '{label}' is not in the model's vocabulary."
                        : $"labelWords: the word '{word}' of label '{label}' is {pieces.Count} tokens "
                            + $"({string.Join(" | ", pieces.Select(piece => read[piece.Start..piece.End].Replace(' ', '␣')))}); expected one."
                );
        }
        if (problems.Count > 0)
            throw new BadInputException(problems);
        foreach (var same in labels.Index().GroupBy(label => ids[label.Index]).Where(same => same.Count() > 1))
            problems.Add(
                $"labelWords: the labels {string.Join(" and ", same.Select(label => label.Item))} have the same word "
                    + $"'{words[same.First().Item]}'; expected different ones."
            );
        return problems.Count > 0 ? throw new BadInputException(problems) : ids;
    }
}
