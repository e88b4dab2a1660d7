using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Tokenization;

public sealed class When_words_are_aligned_with_tokens
{
    [Theory]
    [InlineData(20, new[] { 1, 3, -1, 4, 6 }, 0, 7)]
    [InlineData(7, new[] { 1, 3, -1, 4, -1 }, 1, 7)]
    [InlineData(5, new[] { 1, 3, -1, -1, -1 }, 3, 5)]
    public void The_first_token_of_each_word_stands_for_it(int maxTokens, int[] first, int cutOff, int length)
    {
        using var folder = new TemporaryFolder();
        // The third word is one that the normaliser removes altogether.
        var words = WordTokens.Of(SmallWordPiece(folder), ["ab", "a", "\u200d", "ba", "zzz"], maxTokens);

        Assert.Equal(first, words.FirstTokens);
        Assert.Equal(cutOff, words.CutOff);
        Assert.Equal(Math.Min(maxTokens, length + 1), words.Tokens.Length);
    }

    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("gpt2")]
    [InlineData("roberta-base")]
    public void The_tokens_of_each_word_are_its_own(string name)
    {
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", name));
        string[] sentence = ["@paulwalk", "It", "'s", "ÜBER-cool", "…", "😀😀", "中文", "http://bit.ly/bgCyZ0"];

        var words = WordTokens.Of(tokenizer, sentence, 512);

        Assert.All(words.FirstTokens, token => Assert.True(token >= tokenizer.SpecialBefore));
        Assert.Equal(words.FirstTokens.Order(), words.FirstTokens);
        Assert.Equal(words.FirstTokens.Count, words.FirstTokens.Distinct().Count());
        // From one word's first token to the next there are as many tokens as the word has behind a space.
        for (var word = 1; word < sentence.Length - 1; word++)
        {
            var alone = name == "bert-base-uncased" ? sentence[word] : " " + sentence[word];
            Assert.Equal(tokenizer.Spans(alone).Count, words.FirstTokens[word + 1] - words.FirstTokens[word]);
        }
        Assert.Equal(tokenizer.Encode(string.Join(' ', sentence), null, 512).Ids, words.Tokens.Ids);
    }

    internal static ITokenizer SmallWordPiece(TemporaryFolder folder)
    {
        folder.Write(
            "vocab.txt",
            string.Join('\n', "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b", "b", "##a")
        );
        return Tokenizers.Open(folder.Path);
    }
}

public sealed class When_a_context_is_too_long
{
    // A letter each: a token stands where its number says, two characters apart.
    private const string Context = "a b a b a b a b a b";

    [Fact]
    public void It_is_read_in_windows_that_overlap_and_the_question_is_whole_in_each()
    {
        using var folder = new TemporaryFolder();
        var windows = Windows(folder, maxTokens: 9, stride: 2);

        // 9 tokens less [CLS] q q [SEP] and the last [SEP] leave 4 of the context, 2 of them new.
        Assert.Equal([(0, 4), (2, 6), (4, 8), (6, 10)], windows.Select(Range));
        Assert.All(windows, window => Assert.Equal([2, 5, 7, 3], window.Tokens.Ids[..4]));
        Assert.All(windows, window => Assert.Equal(4, window.Start));
        Assert.All(windows, window => Assert.Equal(9, window.Tokens.Length));
        Assert.All(windows, window => Assert.Equal(3, window.Tokens.Ids[^1]));
    }

    [Fact]
    public void Each_token_has_one_window_with_most_around_it()
    {
        using var folder = new TemporaryFolder();
        var windows = Windows(folder, maxTokens: 9, stride: 2);

        var best = windows.SelectMany(window =>
            window.Spans.Zip(window.IsBest).Where(pair => pair.Second).Select(pair => pair.First.Start / 2)
        );
        Assert.Equal(Enumerable.Range(0, 10), best.Order());
        Assert.Equal([true, true, true, false], windows[0].IsBest);
        Assert.Equal([false, true, true, true], windows[^1].IsBest);
    }

    [Fact]
    public void An_answer_is_found_where_it_is_wholly_inside()
    {
        using var folder = new TemporaryFolder();
        var windows = Windows(folder, maxTokens: 9, stride: 2);

        // Tokens 5 to 6 stand at characters 10 to 13.
        Assert.Equal(
            [null, null, (5, 6), null],
            windows.Select(window => window.Find(10, 13) is { } place ? (place.First, place.Last) : ((int, int)?)null)
        );
        Assert.Equal((4, 4), windows[0].Find(0, 1));
    }

    [Fact]
    public void Windows_share_at_most_half_of_themselves()
    {
        using var folder = new TemporaryFolder();
        var windows = Windows(folder, maxTokens: 9, stride: 128);

        Assert.Equal([(0, 4), (2, 6), (4, 8), (6, 10)], windows.Select(Range));
    }

    [Fact]
    public void One_that_fits_has_one_window()
    {
        using var folder = new TemporaryFolder();
        var window = Assert.Single(Windows(folder, maxTokens: 15, stride: 2));

        Assert.Equal((0, 10), Range(window));
        Assert.DoesNotContain(false, window.IsBest);
    }

    [Fact]
    public void A_question_that_leaves_no_room_is_refused()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<BadInputException>(() => Windows(folder, maxTokens: 5, stride: 2));
        Assert.Contains("the question 'a b' has 2 tokens and leaves 0 of 5 for its context", fault.Message);
    }

    private static IReadOnlyList<ContextWindow> Windows(TemporaryFolder folder, int maxTokens, int stride) =>
        ContextWindow.Of(When_words_are_aligned_with_tokens.SmallWordPiece(folder), "a b", Context, maxTokens, stride);

    private static (int From, int To) Range(ContextWindow window) =>
        (window.Spans[0].Start / 2, window.Spans[^1].Start / 2 + 1);
}
