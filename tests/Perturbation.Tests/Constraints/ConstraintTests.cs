using CsCheck;
using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Tests.Constraints;

public sealed class When_a_text_is_held_to_a_constraint
{
    private static readonly Gen<PerturbedText> Changed = Gen.Select(Gen.Int[0, 9], Gen.String[Gen.Char["abc "], 0, 6])
        .Array[1, 6]
        .Select(edits =>
        {
            var text = PerturbedText.Of("one two three four five six seven");
            foreach (var (index, word) in edits)
                if (text.Words.Count > 0)
                    text = text.Replace(index % text.Words.Count, word);
            return text;
        });

    [Fact]
    public void No_text_with_more_words_changed_gets_through() =>
        Changed.Sample(text =>
            Assert.Equal(
                text.Words.Zip(text.Original.Words).Count(pair => pair.First.Word != pair.Second.Word) <= 2,
                MaximumWordsChanged.Of(2).Allows(text, text.Previous!)
            )
        );

    [Fact]
    public void No_text_with_a_greater_share_changed_gets_through() =>
        Changed.Sample(text =>
        {
            var most = Math.Ceiling(Math.Min(text.Words.Count, text.Original.Words.Count) * 0.3);
            Assert.Equal(
                text.Words.Zip(text.Original.Words).Count(pair => pair.First.Word != pair.Second.Word) <= most,
                MaximumWordsChanged.Share(0.3).Allows(text, text.Previous!)
            );
        });

    [Fact]
    public void No_text_further_away_gets_through() =>
        Changed.Sample(text =>
            Assert.Equal(
                Distance(text.Original.Text, text.Text) <= 4,
                new MaximumEditDistance(4).Allows(text, text.Previous!)
            )
        );

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("same", "same", 0)]
    public void The_edit_distance_is_Levenshteins(string one, string other, int distance) =>
        Assert.Equal(distance, EditDistance.Of(one, other));

    [Fact]
    public void Words_are_protected()
    {
        var text = PerturbedText.Of("The the cat sat").Replace(3, "stood");
        var stopWords = new NoStopWords(LexiconSet.BuiltIn.StopWords);

        Assert.Equal([true, false, true, true], Allowed(stopWords, text));
        Assert.Equal([true, true, true, false], Allowed(new NoRepeatedChange(), text));
        Assert.Equal([false, false, false, true], Allowed(new MinimumWordLength(4), text));
        Assert.Equal([false, true, true], Allowed(new OnlyColumn(1), PerturbedText.Of("premise", "two words")));
        Assert.Equal([true], Allowed(new OnlyColumn(1), PerturbedText.Of("alone")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bound_out_of_range_is_refused(int words)
    {
        Assert.Throws<BadInputException>(() => MaximumWordsChanged.Of(words));
        Assert.Throws<BadInputException>(() => MaximumWordsChanged.Share(words));
        Assert.Throws<BadInputException>(() => MaximumWordsChanged.Share(1.5));
    }

    private static bool[] Allowed(IWordConstraint constraint, PerturbedText text) =>
        [.. Enumerable.Range(0, text.Words.Count).Select(word => constraint.Allows(text, word))];

    /// <summary>By its definition, in all its slowness.</summary>
    private static int Distance(string one, string other)
    {
        var known = new Dictionary<(int, int), int>();
        return Of(one.Length, other.Length);

        int Of(int i, int j)
        {
            if (i == 0 || j == 0)
                return i + j;
            if (!known.TryGetValue((i, j), out var distance))
                known[(i, j)] = distance = Math.Min(
                    Of(i - 1, j - 1) + (one[i - 1] == other[j - 1] ? 0 : 1),
                    Math.Min(Of(i - 1, j), Of(i, j - 1)) + 1
                );
            return distance;
        }
    }
}
