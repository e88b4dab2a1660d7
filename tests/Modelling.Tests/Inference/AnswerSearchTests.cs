using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_answers_are_chosen_from_logits
{
    private const string Context = "one two three four";

    // [CLS] q [SEP] and four words, one token each.
    private static readonly ContextWindow Window = new(
        new TokenSequence([2, 9, 3, 11, 12, 13, 14, 3], 3),
        [new(11, 0, 3), new(12, 3, 7), new(13, 7, 13), new(14, 13, 18)],
        [true, true, true, true]
    );

    [Fact]
    public void The_best_stretch_has_the_highest_sum_and_no_space_at_its_start()
    {
        var found = Search(new AnswerSearch(), Logits(none: (0, 0), (1, 0), (5, 1), (0, 4), (2, 3)));

        Assert.Equal(("two three", 4, 9f), (found.Text, found.Start, found.Score));
        Assert.Equal(["two three", "two three four", "two"], found.Best.Take(3).Select(one => one.Text));
        Assert.Equal(1, found.Best.Sum(one => one.Probability), 1e-5);
        Assert.Equal(MathF.E, found.Best[0].Probability / found.Best[1].Probability, 1e-4);
    }

    [Fact]
    public void An_end_before_its_start_and_an_answer_too_long_are_passed_over()
    {
        var logits = Logits(none: (0, 0), (0, 9), (0, 0), (8, 0), (0, 5));

        Assert.Equal("three four", Search(new AnswerSearch(), logits).Text);
        // As one token nothing beats the first word: 0 + 9.
        Assert.Equal("one", Search(new AnswerSearch(LongestAnswer: 1), logits).Text);
    }

    [Theory]
    [InlineData(0.5, "")]
    [InlineData(1.5, "two")]
    [InlineData(null, "two")]
    public void No_answer_is_said_where_it_wins_by_more_than_the_threshold(double? threshold, string answer)
    {
        var found = Search(
            new AnswerSearch(NullThreshold: threshold),
            Logits(none: (4, 5), (0, 0), (4, 4), (0, 0), (0, 0))
        );

        Assert.Equal((answer, 9f), (found.Text, found.NoAnswer));
        Assert.Equal("two", found.Best[0].Text);
    }

    [Fact]
    public void Over_several_windows_the_weakest_no_answer_counts_and_a_start_only_where_it_has_most_around_it()
    {
        var first = Window with { IsBest = [true, false, true, true] };
        var second = Window with { IsBest = [false, true, false, false] };
        var found = new AnswerSearch(NullThreshold: 0).Best(
            Context,
            [first, second],
            [Logits(none: (9, 9), (0, 0), (7, 7), (0, 0), (0, 0)), Logits(none: (1, 1), (0, 0), (3, 3), (0, 0), (0, 0))]
        );

        Assert.Equal(2, found.NoAnswer);
        // 'one two' ends where the first window is surest: 0 + 7 beats the second window's 3 + 3.
        Assert.Equal(("one two", 7f), (found.Text, found.Score));
    }

    private static FoundAnswer Search(AnswerSearch search, float[] logits) => search.Best(Context, [Window], [logits]);

    /// <summary>Start and end of each token; the question's and the separators' are high and must not matter.</summary>
    private static float[] Logits((float, float) none, params (float Start, float End)[] words)
    {
        (float Start, float End)[] all = [none, (99, 99), (99, 99), .. words, (99, 99)];
        return [.. all.SelectMany(token => new[] { token.Start, token.End })];
    }
}
