using CsCheck;
using TransferPipeline.Evaluation.Metrics;

namespace TransferPipeline.Evaluation.Tests.Metrics;

/// <summary>What the metrics of tags and answers keep to.</summary>
public class When_sentences_or_questions_are_drawn
{
    private static readonly string[] Tags = ["O", "B-x", "I-x", "B-y", "I-y"];
    private static readonly string[] Texts = ["", "the", "one", "one two", "the one.", "two one two"];

    private static readonly Gen<EntityRows> AnyTags =
        from n in Gen.Int[1, 12]
        from words in Gen.Int[1, 6].Array[n]
        from truth in Gen.Int[0, 4].Array[6].Array[n]
        from said in Gen.Int[0, 4].Array[6].Array[n]
        select new EntityRows(Cut(truth, words), Cut(said, words));

    private static readonly Gen<AnswerRows> AnyAnswers =
        from n in Gen.Int[1, 12]
        from said in Gen.Int[0, 5].Array[n]
        from accepted in Gen.Int[0, 5].Array[0, 3].Array[n]
        from second in Gen.Bool
        select new AnswerRows(
            Array.ConvertAll(said, text => Texts[text]),
            Array.ConvertAll(accepted, row => Array.ConvertAll(row, text => Texts[text])),
            second ? AnswerRules.Squad2 : AnswerRules.Squad1
        );

    [Fact]
    public void A_sentence_that_counts_twice_is_a_sentence_written_twice() =>
        (
            from rows in AnyTags
            from counts in Gen.Int[0, 3].Array[rows.Truth.Length]
            where counts.Sum() > 0
            select (rows, counts)
        ).Sample(given =>
        {
            var written = new EntityRows(
                Repeat(given.rows.Truth, given.counts),
                Repeat(given.rows.Predicted, given.counts)
            );
            foreach (var metric in MetricSet.Entities)
                Assert.Equal(metric.Of(written), metric.Of(given.rows.Drawn(given.counts)), 1e-12);
        });

    [Fact]
    public void A_question_that_counts_twice_is_a_question_written_twice() =>
        (
            from rows in AnyAnswers
            from counts in Gen.Int[0, 3].Array[rows.Predictions.Length]
            where counts.Sum() > 0
            select (rows, counts)
        ).Sample(given =>
        {
            var written = new AnswerRows(
                Repeat(given.rows.Predictions, given.counts),
                Repeat(given.rows.Answers, given.counts),
                given.rows.Rules
            );
            foreach (var metric in MetricSet.Answers)
                Assert.Equal(metric.Of(written), metric.Of(given.rows.Drawn(given.counts)), 1e-12);
        });

    [Fact]
    public void Perfect_predictions_get_the_perfect_figure()
    {
        string[][] tags =
        [
            ["B-x", "I-x", "O"],
            ["O", "B-y"],
        ];
        foreach (var metric in MetricSet.Entities)
            Assert.Equal(metric.Perfect, metric.Of(new EntityRows(tags, tags)), 1e-12);

        string[] answers = ["one two", "The Tower!"];
        foreach (var metric in MetricSet.Answers)
            Assert.Equal(
                metric.Perfect,
                metric.Of(
                    new AnswerRows(
                        answers,
                        [
                            ["no", "one  two"],
                            ["tower"],
                        ]
                    )
                ),
                1e-12
            );
    }

    /// <summary>evaluate-v1.1.py: no common word gives F1 0, whatever the two sides; evaluate-v2.0.py: two without words agree.</summary>
    [Theory]
    [InlineData("", "", 1, 0, 1)]
    [InlineData("the", "", 1, 0, 1)]
    [InlineData("one", "", 0, 0, 0)]
    [InlineData("", "one", 0, 0, 0)]
    [InlineData("one", "the one.", 1, 1, 1)]
    public void The_two_versions_differ_where_both_answers_are_empty(
        string said,
        string accepted,
        double exact,
        double f1First,
        double f1Second
    )
    {
        var first = new AnswerRows(
            [said],
            [
                [accepted],
            ],
            AnswerRules.Squad1
        );
        var second = new AnswerRows(
            [said],
            [
                [accepted],
            ]
        );

        Assert.Equal((exact, f1First), (new ExactMatch().Of(first), new AnswerF1().Of(first)));
        Assert.Equal((exact, f1Second), (new ExactMatch().Of(second), new AnswerF1().Of(second)));
    }

    /// <summary>evaluate-v2.0.py takes only accepted answers that have words; without any, the empty one.</summary>
    [Fact]
    public void In_the_second_version_accepted_answers_without_words_are_left_out()
    {
        Assert.Equal(
            0,
            new ExactMatch().Of(
                new AnswerRows(
                    ["the"],
                    [
                        ["one", "the"],
                    ]
                )
            )
        );
        Assert.Equal(
            1,
            new ExactMatch().Of(
                new AnswerRows(
                    ["the"],
                    [
                        ["one", "the"],
                    ],
                    AnswerRules.Squad1
                )
            )
        );
        Assert.Equal(
            1,
            new ExactMatch().Of(
                new AnswerRows(
                    [""],
                    [
                        [],
                    ]
                )
            )
        );
    }

    [Fact]
    public void Strict_reading_wants_a_beginning()
    {
        var rows = new EntityRows(
            [
                ["B-x", "I-x"],
                ["B-y"],
            ],
            [
                ["I-x", "I-x"],
                ["B-y"],
            ]
        );

        Assert.Equal(1, new EntityF1().Of(rows));
        // One of one that is found, of two that are there: 2·1/(1+2).
        Assert.Equal(2 / 3.0, new StrictEntityF1().Of(rows), 1e-12);
        Assert.Equal(2 / 3.0, new TagAccuracy().Of(rows), 1e-12);
        Assert.Equal(["x", "y"], rows.Types);
    }

    private static string[][] Cut(int[][] tags, int[] words) =>
        [.. tags.Zip(words, (row, count) => row.Take(count).Select(tag => Tags[tag]).ToArray())];

    private static T[] Repeat<T>(T[] values, int[] counts) =>
        [.. values.Zip(counts).SelectMany(pair => Enumerable.Repeat(pair.First, pair.Second))];
}
