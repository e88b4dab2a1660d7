using System.Text;
using CsCheck;
using TransferPipeline.Datasets;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;
using TransferPipeline.Perturbation.Transformations;

namespace TransferPipeline.Perturbation.Tests.Transformations;

public sealed class When_words_of_a_text_are_edited
{
    private const string Text = "A gorgeous, witty and seductive movie (of the year)!";

    private static readonly NeighbourLists Neighbours = Lists(
        """{ "gorgeous": ["lovely", "splendid"], "witty": ["clever"], "movie": ["film", "picture"], "the": ["this"] }"""
    );

    private static readonly Synonyms Known = new(new NeighbourSwap(Neighbours, 10));

    [Theory]
    [InlineData("swap")]
    [InlineData("deletion")]
    [InlineData("insertion")]
    [InlineData("synonyms")]
    [InlineData("cut-off")]
    public void The_same_seed_gives_the_same_text_and_another_one_another(string method)
    {
        var texts = Enumerable.Range(0, 20).Select(seed => Edited(method, Text, 0.3, seed)).ToList();

        Assert.Equal(texts, Enumerable.Range(0, 20).Select(seed => Edited(method, Text, 0.3, seed)));
        Assert.True(texts.Distinct().Count() > 1);
    }

    [Fact]
    public void A_sequence_of_words_is_the_text_it_was_made_of() =>
        Gen.String[Gen.Char["ab ,.'-!\n日"], 0, 30].Sample(text => new WordSequence(text).ToString() == text);

    [Fact]
    public void A_copy_is_edited_apart_from_what_it_was_made_of()
    {
        var whole = new WordSequence(Text);
        var copy = whole.Copy();
        copy.Delete(0);
        copy.Insert(1, "new");
        copy.Swap(0, copy.Count - 1);

        Assert.NotEqual(Text, copy.ToString());
        Assert.Equal(Text, whole.ToString());
    }

    [Fact]
    public void A_swap_keeps_every_word_and_all_that_stands_between() =>
        Sentences.Sample(
            (text, seed) =>
            {
                var edited = Edited("swap", text, 0.3, seed);
                return Sorted(edited).SequenceEqual(Sorted(text)) && Between(edited) == Between(text);
            }
        );

    [Fact]
    public void A_deletion_keeps_an_order_and_at_least_one_word() =>
        Sentences.Sample(
            (text, seed) =>
            {
                var (before, after) = (Words(text), Words(Edited("deletion", text, 0.5, seed)));
                var at = 0;
                return after.Count >= 1 && after.All(word => (at = before.IndexOf(word, at) + 1) > 0);
            }
        );

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.3, 2)]
    [InlineData(0.5, 4)]
    [InlineData(1, 8)]
    public void A_cut_off_leaves_out_its_share_and_never_all(double rate, int left)
    {
        Assert.Equal(9, Words(Text).Count);
        Assert.Equal(9 - left, Words(Edited("cut-off", Text, rate, 13)).Count);
    }

    [Theory]
    [InlineData(0.1, 1)]
    [InlineData(0.5, 4)]
    public void An_insertion_adds_synonyms_of_words_of_the_text(double rate, int more)
    {
        var words = Words(Edited("insertion", Text, rate, 13));

        Assert.Equal(9 + more, words.Count);
        Assert.Empty(words.Except(Words(Text)).Except(["lovely", "splendid", "clever", "film", "picture", "this"]));
    }

    [Fact]
    public void Synonyms_stand_for_words_that_are_no_stop_words()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var edited = Edited("synonyms", Text, 1, seed);
            Assert.Contains(" the ", edited);
            Assert.DoesNotContain("gorgeous", edited);
            Assert.Contains("clever and seductive", edited);
        }
    }

    [Fact]
    public void A_synonym_stands_for_every_place_of_its_word()
    {
        var edited = Edited("synonyms", "movie about a movie", 0.1, 13);

        Assert.Contains(edited, new[] { "film about a film", "picture about a picture" });
    }

    [Fact]
    public void Of_a_text_without_words_nothing_is_edited()
    {
        foreach (var method in new[] { "swap", "deletion", "insertion", "synonyms", "cut-off" })
            Assert.Equal("?! …", Edited(method, "?! …", 0.5, 13));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Eda_draws_its_four_operations_as_often_as_its_authors(int copies)
    {
        var eda = new EasyDataAugmentation(Known, LexiconSet.BuiltIn.StopWords);

        var drawn = eda.Draw(copies, new SeededRandom(13, "eda"));

        Assert.Equal(copies, drawn.Count);
        Assert.True(drawn.GroupBy(edit => edit.GetType()).All(same => same.Count() <= copies / 4 + 1));
    }

    [Fact]
    public void A_word_that_is_deleted_takes_its_blank_along()
    {
        var words = new WordSequence("one two, three");
        words.Delete(1);
        Assert.Equal("one, three", words.ToString());
        words.Delete(0);
        Assert.Equal(", three", words.ToString());
        words.Insert(0, "four");
        words.Insert(1, "five");
        Assert.Equal(", four five three", words.ToString());
    }

    private static readonly string[] Some = ["movie", "witty", "a", "It's", "good-natured", "2001", "日本"];

    private static Gen<(string, int)> Sentences =>
        Gen.Select(
            Gen.Int[0, 6]
                .Array[1, 12]
                .Select(numbers => string.Join(", ", numbers.Select(number => Some[number])) + "."),
            Gen.Int[0, 1000]
        );

    private static string Edited(string method, string text, double rate, int seed)
    {
        IWordEdit edit = method switch
        {
            "swap" => new RandomSwap(),
            "deletion" => new RandomDeletion(),
            "insertion" => new RandomInsertion(Known),
            "synonyms" => new SynonymReplacement(Known, LexiconSet.BuiltIn.StopWords),
            _ => new TokenCutOff(),
        };
        var words = new WordSequence(text);
        edit.Apply(words, rate, new SeededRandom(seed, "test"));
        return words.ToString();
    }

    private static List<string> Words(string text) => [.. WordSplitter.Split(text).Select(span => span.Word)];

    private static IEnumerable<string> Sorted(string text) => Words(text).Order(StringComparer.Ordinal);

    /// <summary>The text with a mark for each word.</summary>
    private static string Between(string text)
    {
        var (written, at) = (new StringBuilder(), 0);
        foreach (var span in WordSplitter.Split(text))
        {
            written.Append(text, at, span.Start - at).Append('|');
            at = span.End;
        }
        return written.Append(text, at, text.Length - at).ToString();
    }

    private static NeighbourLists Lists(string json)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return (NeighbourLists)LexiconPack.Read(LexiconKind.Neighbours, path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
