using CsCheck;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Constraints;
using TransferPipeline.Perturbation.Lexicons;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Perturbation.Tests.Constraints;

/// <summary>What every constraint on texts keeps.</summary>
public sealed class When_candidates_are_held_to_a_constraint
{
    private static readonly string[] Words =
    [
        "court",
        "story",
        "father",
        "must",
        "know",
        "unheard",
        "what",
        "good",
        "bad",
    ];

    private static readonly Dictionary<string, Func<ITextConstraint>> All = new()
    {
        ["words"] = () => MaximumWordsChanged.Of(1),
        ["share"] = () => MaximumWordsChanged.Share(0.3),
        ["rate"] = () => new MaximumChangeRate(0.1, 1),
        ["edits"] = () => new MaximumEditDistance(5),
        ["opposites"] = () => new NoOpposites(Dictionary()),
        ["class"] = () => new SharedWordClass(Dictionary(), nounForVerb: false),
        ["vectors"] = () => new NearVectors(SmallModels.Vectors, 0.05),
        ["similarity"] = () => new SentenceSimilarity(SmallModels.Encoder, 0.9),
        ["similarity-window"] = () =>
            new SentenceSimilarity(SmallModels.Encoder, 0.95, Similarity.Angular, 3, toOriginal: false),
        ["surprise"] = () => new MaximumSurprise(SmallModels.Language, 0.5),
        ["surprise-window"] = () => new MaximumSurprise(SmallModels.Language, 0.5, 2),
        ["perplexity"] = () => new MaximumPerplexity(SmallModels.Language, 1.1),
    };

    private static readonly Gen<(PerturbedText Current, PerturbedText[] Candidates)> Steps = Gen.Select(
        Gen.Int[0, Words.Length - 1].Array[2, 7],
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, Words.Length - 1]).Array[0, 2],
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, Words.Length - 1]).Array[1, 5],
        (words, before, edits) =>
        {
            var current = PerturbedText.Of(string.Join(' ', words.Select(at => Words[at])));
            foreach (var (index, word) in before)
                current = current.Replace(index % current.Words.Count, Words[word]);
            return (
                current,
                edits.Select(edit => current.Replace(edit.Item1 % current.Words.Count, Words[edit.Item2])).ToArray()
            );
        }
    );

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Together_those_are_kept_that_are_allowed_alone(string name)
    {
        var constraint = All[name]();
        var (kept, refused) = (0, 0);
        Steps.Sample(
            step =>
            {
                var found = constraint.Kept(step.Candidates, step.Current);
                var alone = step.Candidates.Where(candidate => constraint.Allows(candidate, step.Current));
                Assert.Equal(alone, found);
                Interlocked.Add(ref kept, found.Count);
                Interlocked.Add(ref refused, step.Candidates.Length - found.Count);
            },
            // One step in fourteen puts a word's opposite in its place: of 60 there was none once in a hundred runs.
            iter: constraint is NoOpposites ? 1_000 : 60,
            threads: 1
        );
        Assert.True(kept > 0, "nothing was kept");
        Assert.True(refused > 0, "nothing was refused");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_text_in_which_nothing_changed_is_allowed(string name)
    {
        var text = PerturbedText.Of("court must know what story");

        Assert.True(All[name]().Allows(text.Replace(1, "must"), text));
    }

    [Fact]
    public void No_text_gets_through_that_says_something_else() =>
        Steps.Sample(
            step =>
            {
                var kept = new SentenceSimilarity(SmallModels.Encoder, 0.9).Kept(step.Candidates, step.Current);
                foreach (var candidate in step.Candidates)
                {
                    var pair = SmallModels.Encoder.Embed([new(candidate.Text), new(candidate.Original.Text)]);
                    var cosine = pair[0].Zip(pair[1], (a, b) => (double)a * b).Sum();
                    if (Math.Abs(cosine - 0.9) > 1e-4) // else it hangs on a rounding
                        Assert.Equal(cosine > 0.9, kept.Contains(candidate));
                }
            },
            iter: 60,
            threads: 1
        );

    [Fact]
    public void Similarity_is_taken_of_a_window_and_short_texts_may_pass()
    {
        var text = PerturbedText.Of("one two, three four five six", "seven eight");

        Assert.Equal("two, three four", TextWindow.Around(text, 2, 3));
        Assert.Equal("one two, three", TextWindow.Around(text, 0, 3));
        Assert.Equal("six\nseven eight", TextWindow.Around(text, 7, 3));
        Assert.Equal(text.Text, TextWindow.Around(text, 2, null));
        Assert.Equal(text.Text, TextWindow.Around(text, 2, 8));
        var changed = PerturbedText.Of("court must know").Replace(0, "story");
        Assert.False(new SentenceSimilarity(SmallModels.Encoder, 0.999, window: 4).Allows(changed, changed.Original));
        Assert.True(
            new SentenceSimilarity(SmallModels.Encoder, 0.999, window: 4, skipsShort: true).Allows(
                changed,
                changed.Original
            )
        );
    }

    [Fact]
    public void Surprise_is_the_fall_of_a_words_log_probability_behind_those_before_it()
    {
        var text = PerturbedText.Of("what the court must know");
        var changed = text.Replace(3, "story");
        double Loss(string read) => SmallModels.Language.Read([new(read)])[0].Loss;

        var more =
            Loss("what the court story")
            - Loss("what the court")
            - (Loss("what the court must") - Loss("what the court"));

        Assert.True(new MaximumSurprise(SmallModels.Language, more + 0.01).Allows(changed, text));
        Assert.False(new MaximumSurprise(SmallModels.Language, more - 0.01).Allows(changed, text));
    }

    [Fact]
    public void A_masked_model_tells_no_surprise()
    {
        using var masked = LanguageReader.Open(SmallModels.Folder("bert-masked-lm"));

        Assert.Contains(
            "expected a causal one",
            Assert.Throws<BadInputException>(() => new MaximumSurprise(masked, 1)).Message
        );
        Assert.Throws<BadInputException>(() => new MaximumPerplexity(masked, 2));
    }

    [Fact]
    public void A_word_stands_for_one_of_its_class()
    {
        var constraint = new SharedWordClass(Dictionary(), nounForVerb: false);
        var text = PerturbedText.Of("court good unheard");

        Assert.True(constraint.Allows(text.Replace(0, "story"), text)); // two nouns
        Assert.False(constraint.Allows(text.Replace(0, "good"), text)); // adjective for noun
        Assert.False(constraint.Allows(text.Replace(0, "know"), text)); // verb for noun
        Assert.False(constraint.Allows(text.Replace(0, "unheard"), text)); // nothing known for noun
        Assert.True(constraint.Allows(text.Replace(2, "what"), text)); // two that are not known
        Assert.True(new SharedWordClass(Dictionary(), nounForVerb: true).Allows(text.Replace(0, "know"), text));
        Assert.False(new NoOpposites(Dictionary()).Allows(text.Replace(1, "bad"), text));
    }

    /// <summary>Nouns, a verb and a pair of opposites.</summary>
    private static WordNet Dictionary() =>
        WordNet.Of([
            .. new[]
            {
                "s\tn\t1\tcourt",
                "s\tn\t2\tstory",
                "s\tn\t3\tfather",
                "i\tn\tcourt\t1",
                "i\tn\tstory\t2",
                "i\tn\tfather\t3",
                "s\tv\t1\tknow",
                "i\tv\tknow\t1",
                "s\ta\t1\tgood",
                "s\ta\t2\tbad",
                "i\ta\tgood\t1",
                "i\ta\tbad\t2",
                "o\ta\tgood\tbad",
                "o\ta\tbad\tgood",
            }.Select((line, at) => new LexiconLine("test", at + 1, line.Split('\t'))),
        ]);
}
