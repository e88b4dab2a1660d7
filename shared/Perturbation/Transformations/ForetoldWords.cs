using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Transformations;

/// <summary>
/// Changes a text at gaps that a masked language model fills (Garg and Ramakrishnan 2020, arXiv:2004.01970; Li et al. 2021,
/// arXiv:2009.07502). Of a pair the model reads the text that is changed.
/// </summary>
/// <param name="most">How many words are tried at each gap.</param>
/// <param name="least">The least probability of a word.</param>
public abstract class ForetoldChange(WordGaps model, int most, double least) : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random)
    {
        int[] open = [.. words.Where(word => Fits(text, word))];
        return model
            .Fill([.. open.Select(word => Gap(text, word))], most, least)
            .Zip(open, (foretold, word) => foretold.Select(one => Changed(text, word, one.Word)))
            .SelectMany(changed => changed)
            .OfType<PerturbedText>();
    }

    /// <summary>Whether there is a gap at that word.</summary>
    protected virtual bool Fits(PerturbedText text, int word) => true;

    /// <summary>What lies before and behind the gap.</summary>
    protected abstract WordGap Gap(PerturbedText text, int word);

    /// <summary>The text with the word; null where nothing would change.</summary>
    protected abstract PerturbedText? Changed(PerturbedText text, int word, string foretold);

    private protected static WordGap Around(PerturbedText text, WordSpan from, int start, int end)
    {
        var column = TextWindow.Column(text, from.Column);
        return new(column[..start], column[end..]);
    }

    private protected static bool Same(string word, string other) =>
        word.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>A foretold word stands for a word.</summary>
public sealed class ForetoldSwap(WordGaps model, int most, double least = 0) : ForetoldChange(model, most, least)
{
    protected override WordGap Gap(PerturbedText text, int word) =>
        Around(text, text.Words[word], text.Words[word].Start, text.Words[word].End);

    protected override PerturbedText? Changed(PerturbedText text, int word, string foretold) =>
        Same(text.Words[word].Word, foretold) ? null : text.Replace(word, WordCase.Of(text.Words[word].Word, foretold));
}

/// <summary>A foretold word stands behind a word.</summary>
public sealed class ForetoldInsertion(WordGaps model, int most, double least = 0) : ForetoldChange(model, most, least)
{
    protected override WordGap Gap(PerturbedText text, int word) =>
        Around(text, text.Words[word], text.Words[word].End, text.Words[word].End);

    protected override PerturbedText? Changed(PerturbedText text, int word, string foretold) =>
        text.InsertAfter(word, foretold);
}

/// <summary>A foretold word stands for a word and the next one, where only blanks lie between them.</summary>
public sealed class ForetoldMerge(WordGaps model, int most, double least = 0) : ForetoldChange(model, most, least)
{
    protected override bool Fits(PerturbedText text, int word)
    {
        if (word + 1 >= text.Words.Count || text.Words[word + 1].Column != text.Words[word].Column)
            return false;
        var column = TextWindow.Column(text, text.Words[word].Column);
        return column[text.Words[word].End..text.Words[word + 1].Start].All(between => between == ' ');
    }

    protected override WordGap Gap(PerturbedText text, int word) =>
        Around(text, text.Words[word], text.Words[word].Start, text.Words[word + 1].End);

    protected override PerturbedText? Changed(PerturbedText text, int word, string foretold) =>
        text.Replace([(word, WordCase.Of(text.Words[word].Word, foretold)), (word + 1, "")]);
}

/// <summary>
/// What a masked language model says at a word that it reads stands for the word; one of several pieces is put together of pieces
/// (Li et al. 2020, arXiv:2004.09984).
/// </summary>
/// <param name="most">How many pieces of a place, and how many words.</param>
public sealed class PieceSwap(WordGaps model, int most) : ITransformation
{
    public IEnumerable<PerturbedText> Candidates(PerturbedText text, IReadOnlyList<int> words, SeededRandom random) =>
        words.SelectMany(index =>
        {
            var span = text.Words[index];
            return model
                .Instead(TextWindow.Column(text, span.Column), span.Start, span.End, most)
                .Where(other => !other.Equals(span.Word, StringComparison.OrdinalIgnoreCase))
                .Select(other => text.Replace(index, WordCase.Of(span.Word, other)));
        });
}
