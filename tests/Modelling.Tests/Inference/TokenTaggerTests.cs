using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_a_folder_is_asked_for_tags_or_answers
{
    public static TheoryData<string> Taggers =>
        [
            "bert-token-classification",
            "roberta-token-classification",
            "distilbert-token-classification",
            "gpt2-token-classification",
        ];

    public static TheoryData<string> Answerers =>
        [
            "bert-question-answering",
            "roberta-question-answering",
            "distilbert-question-answering",
            "gpt2-question-answering",
        ];

    private static readonly string[] Words = ["the", "house", "of", "London", "was", "a", "film", "in", "1999", "."];

    [Theory]
    [MemberData(nameof(Taggers))]
    public void A_sentence_is_tagged_as_it_is_alone(string name)
    {
        using var tagger = TokenTagger.Open(GoldenFolders.Of(name)[0], new ComputeOptions(1));
        var random = new Random(5);
        string[][] sentences = [.. Enumerable.Range(0, 70).Select(_ => Sentence(random))];

        var together = tagger.Tag(sentences);

        for (var row = 0; row < sentences.Length; row += 9)
        {
            var alone = tagger.Tag([sentences[row]]).Single();
            Assert.Equal(alone.Tags, together[row].Tags);
            Assert.Equal(sentences[row].Length, together[row].Tags.Count);
            Assert.All(
                alone.Probabilities.Zip(together[row].Probabilities),
                pair => Assert.Equal(pair.First, pair.Second, 1e-4)
            );
        }
        Assert.True(together.SelectMany(row => row.Tags).Distinct().Count() > 1);
        Assert.All(together.SelectMany(row => row.Tags), tag => Assert.Contains(tag, tagger.Labels));
    }

    [Fact]
    public void Words_beyond_what_the_model_reads_are_counted_and_tagged_as_outside()
    {
        using var tagger = TokenTagger.Open(GoldenFolders.Of("bert-token-classification")[0], new ComputeOptions(1));
        var tagged = tagger.Tag([Enumerable.Repeat("the", 100).ToArray()]).Single();

        Assert.Equal(100, tagged.Tags.Count);
        Assert.InRange(tagged.CutOff, 40, 90);
        Assert.All(tagged.Tags.TakeLast(tagged.CutOff), tag => Assert.Equal("O", tag));
        Assert.All(tagged.Probabilities.TakeLast(tagged.CutOff), share => Assert.Equal(1, share));
    }

    [Theory]
    [MemberData(nameof(Answerers))]
    public void A_question_is_answered_as_it_is_alone_with_a_stretch_of_its_context(string name)
    {
        using var answerer = AnswerFinder.Open(GoldenFolders.Of(name)[0], new ComputeOptions(1));
        var random = new Random(7);
        var search = new AnswerSearch(Stride: 4);
        ModelText[] questions =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i => new ModelText(
                    "the film of",
                    string.Join(' ', Enumerable.Range(0, 1 + i % 9).SelectMany(_ => Sentence(random)))
                )),
        ];

        var together = answerer.Answer(questions, search);

        Assert.All(
            questions.Zip(together),
            pair =>
                Assert.Equal(pair.Second.Text, pair.First.Second!.Substring(pair.Second.Start, pair.Second.Text.Length))
        );
        for (var row = 0; row < questions.Length; row += 7)
        {
            var alone = answerer.Answer([questions[row]], search).Single();
            Assert.Equal((alone.Text, alone.Start), (together[row].Text, together[row].Start));
            Assert.Equal(alone.NoAnswer, together[row].NoAnswer, 1e-4);
        }
        Assert.True(together.Select(found => found.Text).Distinct().Count() > 1);
    }

    [Fact]
    public void A_model_with_another_head_is_refused()
    {
        var classifier = GoldenFolders.Of("bert-sequence-classification")[0];
        var tagger = GoldenFolders.Of("bert-token-classification")[0];

        Assert.Contains(
            "is a BertForSequenceClassification; expected one that ends in ForTokenClassification",
            Assert.Throws<BadInputException>(() => TokenTagger.Open(classifier)).Message
        );
        Assert.Contains(
            "is a BertForTokenClassification; expected one that ends in ForQuestionAnswering",
            Assert.Throws<BadInputException>(() => AnswerFinder.Open(tagger)).Message
        );
        Assert.Contains(
            "is a BertForTokenClassification; expected one that ends in ForSequenceClassification",
            Assert.Throws<BadInputException>(() => Classifiers.Open(tagger)).Message
        );
        Assert.Equal(
            (ModelHead.Texts, ModelHead.Words, ModelHead.Answers),
            (
                ModelHeads.Of(classifier),
                ModelHeads.Of(tagger),
                ModelHeads.Of(GoldenFolders.Of("bert-question-answering")[0])
            )
        );
    }

    private static string[] Sentence(Random random) =>
        [.. Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Words[random.Next(Words.Length)])];
}
