using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>
/// A template as one model reads it. What is too much is cut from the texts, the longest first, and never from the
/// template. Demonstrations stand behind a text, each after a separator (Gao et al. 2021); before a model that foretells
/// next words they stand in front, each on a line.
/// </summary>
internal sealed class PromptForm
{
    private readonly ITokenizer _tokenizer;
    private readonly IReadOnlyList<PromptPart> _parts;
    private readonly Dictionary<PromptPart, int[]> _words;
    private readonly int[] _separator;
    private readonly int _maxTokens;
    private readonly bool _causal;

    /// <param name="pair">Whether pairs of texts are read.</param>
    /// <param name="demonstrations">How many stand beside a text.</param>
    /// <exception cref="BadInputException">The template is none for such texts or such a model, or leaves no room.</exception>
    public PromptForm(string template, bool pair, ITokenizer tokenizer, int maxTokens, bool causal, int demonstrations)
    {
        var parsed = PromptTemplate.Parse(template, out var problems);
        _parts = parsed.Parts;
        (_tokenizer, _maxTokens, _causal) = (tokenizer, maxTokens, causal);
        if (problems.Count > 0)
            throw new BadInputException([.. problems.Select(problem => $"template '{template}' {problem}.")]);
        if (parsed.IsPair != pair)
            throw new BadInputException(
                $"template '{template}' is for {(pair ? "texts" : "pairs of texts")}; expected "
                    + $"{(pair ? "{first} and {second}, as the dataset has pairs" : "{text}, as the dataset has no pairs")}."
            );
        if (causal)
            RefuseWhatIsNotRead(template);
        else if (tokenizer.MaskId is null)
            throw new BadInputException($"template '{template}': the model's vocabulary has no token that masks.");

        _words = _parts
            .Where(part => part.Slot == PromptSlot.Words)
            .Distinct()
            .ToDictionary(part => part, part => Pieces(part.Words, part.BlankBefore));
        // Around nothing stand the special tokens alone; the last is what parts two texts.
        _separator = causal ? [.. Pieces("\n", false)] : [tokenizer.Wrap([]).Ids[^1]];
        var texts = (demonstrations + 1) * (pair ? 2 : 1);
        if (Room(demonstrations) is var room && room < texts)
            throw new BadInputException(
                $"template '{template}' takes {maxTokens - room} of {maxTokens} tokens"
                    + $"{(demonstrations > 0 ? $" with {demonstrations} demonstrations" : "")} and leaves {Math.Max(0, room)}; "
                    + $"expected at least one for each of {texts} texts. A larger maxTokens, if the model reads as many, or a shorter template helps."
            );
    }

    /// <param name="demonstrations">Each with the id of its label's word.</param>
    public PromptedText Encode(ModelText text, IReadOnlyList<(ModelText Text, int Word)> demonstrations)
    {
        ModelText[] all = [text, .. demonstrations.Select(one => one.Text)];
        List<int>[][] pieces = [.. all.Select(Texts)];
        var kept = Truncation.Shares(
            [.. pieces.SelectMany(of => of.Select(one => one.Count))],
            Room(demonstrations.Count)
        );
        var cutOff = 0;
        foreach (var (one, length) in pieces.SelectMany(of => of).Zip(kept))
        {
            cutOff += one.Count - length;
            one.RemoveRange(length, one.Count - length);
        }

        var (asked, place) = Filled(pieces[0], word: null);
        var shown = demonstrations.Select((one, number) => Filled(pieces[number + 1], one.Word).Ids).ToList();
        int[] ids = _causal
            ? [.. shown.SelectMany(one => one.Concat(_separator)), .. asked]
            : [.. asked, .. shown.SelectMany(one => _separator.Concat(one))];
        return new(_tokenizer.Wrap(ids), _tokenizer.SpecialBefore + (_causal ? ids.Length - 1 : place), cutOff);
    }

    private void RefuseWhatIsNotRead(string template)
    {
        if (
            _parts
                .SkipWhile(part => part.Slot != PromptSlot.Mask)
                .Any(part => part.Slot is PromptSlot.First or PromptSlot.Second)
        )
            throw new BadInputException(
                $"template '{template}' has a text after {{mask}}; the model foretells next words and reads only what stands "
                    + "before. Expected all texts there: give it a causalTemplate."
            );
    }

    /// <summary>Tokens that all texts together may have.</summary>
    private int Room(int demonstrations)
    {
        var one = Length(_parts) + _separator.Length;
        return _maxTokens - _tokenizer.SpecialCount(pair: false) - Length(Asked()) - demonstrations * one;

        int Length(IEnumerable<PromptPart> parts) =>
            parts.Sum(part => part.Slot == PromptSlot.Mask ? 1 : _words.GetValueOrDefault(part)?.Length ?? 0);
    }

    /// <summary>The parts that are read of what is asked: all, or those before the word that is to come.</summary>
    private IEnumerable<PromptPart> Asked() =>
        _causal ? _parts.TakeWhile(part => part.Slot != PromptSlot.Mask) : _parts;

    /// <summary>The texts' ids in the template's order.</summary>
    private List<int>[] Texts(ModelText text) =>
        [
            .. _parts
                .Where(part => part.Slot is PromptSlot.First or PromptSlot.Second)
                .Select(part =>
                    Pieces((part.Slot == PromptSlot.First ? text.First : text.Second!).Trim(), part.BlankBefore)
                        .ToList()
                ),
        ];

    /// <param name="texts">Ids of the texts in the template's order.</param>
    /// <param name="word">What stands at the mask; null for the mask itself.</param>
    /// <returns>The ids, and where the mask stands among them.</returns>
    private (List<int> Ids, int Place) Filled(List<int>[] texts, int? word)
    {
        var ids = new List<int>();
        var (next, place) = (0, 0);
        foreach (var part in word is null ? Asked() : _parts)
            if (part.Slot == PromptSlot.Words)
                ids.AddRange(_words[part]);
            else if (part.Slot != PromptSlot.Mask)
                ids.AddRange(texts[next++]);
            else
            {
                place = ids.Count;
                ids.Add(word ?? _tokenizer.MaskId!.Value);
            }
        return (ids, place);
    }

    private int[] Pieces(string text, bool blankBefore) =>
        [.. _tokenizer.Spans(blankBefore ? " " + text : text).Select(piece => piece.Id)];
}
