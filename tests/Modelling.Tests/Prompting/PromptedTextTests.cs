using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Prompting;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Prompting;

public sealed class When_a_text_is_put_into_a_prompt
{
    private const string Template = "{text} It was {mask}.";

    private static readonly string Bert = Path.Combine(GoldenFolders.RepositoryRoot, "samples", "tiny-bert");
    private static readonly Dictionary<string, string> Words = new() { ["bad"] = "terrible", ["good"] = "great" };

    [Theory]
    [InlineData(Template, "a film with a heart.", "a film with a heart. It was [MASK].")]
    [InlineData("{mask}: {text}", "a film", "[MASK]: a film")]
    [InlineData("Review: {text}, so {mask}", " a film ", "Review: a film, so [MASK]")]
    public void Nothing_too_long_is_read_as_the_sentence_that_it_makes(string template, string text, string sentence)
    {
        var tokenizer = Tokenizers.Open(Bert);
        var prompt = Of(tokenizer, template).Plain(new(text));

        Assert.Equal(tokenizer.Encode(sentence, null, 100).Ids, prompt.Tokens.Ids);
        Assert.Equal(tokenizer.MaskId, prompt.Tokens.Ids[prompt.Place]);
        Assert.Equal(0, prompt.CutOff);
    }

    [Theory]
    [InlineData("roberta-base", Template, "a film with a heart.", "a film with a heart. It was<mask>.")]
    [InlineData("roberta-base", "{mask} News: {text}", "Stocks fell", "<mask> News: Stocks fell")]
    [InlineData("gpt2", Template, "a film with a heart.", "a film with a heart. It was")]
    public void Byte_pairs_have_the_blanks_of_the_sentence(string name, string template, string text, string sentence)
    {
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", name));
        var causal = name == "gpt2";
        var prompts = Of(tokenizer, template, causal: causal);
        var prompt = prompts.Plain(new(text));

        Assert.Equal(tokenizer.Encode(sentence, null, 100).Ids, prompt.Tokens.Ids);
        Assert.Equal(
            causal ? prompt.Tokens.Length - 1 : Array.IndexOf(prompt.Tokens.Ids, tokenizer.MaskId!.Value),
            prompt.Place
        );
        // As inside a sentence: " great", whatever stands before the mask.
        Assert.Equal(tokenizer.Spans(" great").Single().Id, prompts.WordIds[1]);
    }

    [Fact]
    public void What_is_too_long_is_cut_from_the_text_and_never_from_the_template()
    {
        var tokenizer = Tokenizers.Open(Bert);
        var text = string.Join(' ', Enumerable.Repeat("film", 40));
        var prompt = Of(tokenizer, Template, maxTokens: 12).Plain(new(text));

        // [CLS] and [SEP], "it was [MASK] .": six of twelve.
        var kept = string.Join(' ', Enumerable.Repeat("film", 6));
        Assert.Equal(tokenizer.Encode($"{kept} It was [MASK].", null, 100).Ids, prompt.Tokens.Ids);
        Assert.Equal(34, prompt.CutOff);
    }

    [Fact]
    public void Of_a_pair_the_longer_text_is_cut_first()
    {
        var tokenizer = Tokenizers.Open(Bert);
        var prompts = Of(tokenizer, "{first}? {mask}, {second}", maxTokens: 13, pair: true);

        string Read(string first, string second) => Texts(tokenizer, prompts.Plain(new(first, second)));

        Assert.Equal(
            "film was film was film was ? [MASK] , the the",
            Read("film was film was film was film", "the the")
        );
        Assert.Equal("film was ? [MASK] , the the the the the the", Read("film was", "the the the the the the the"));
        Assert.Equal(
            "film was film was ? [MASK] , the the the the",
            Read("film was film was film", "the the the the the the")
        );
    }

    [Fact]
    public void Demonstrations_stand_behind_it_each_with_its_word_and_a_separator_before()
    {
        var tokenizer = Tokenizers.Open(Bert);
        LabelledText[] examples =
        [
            new("the film", null, 0),
            new("a film", null, 0),
            new("good", null, 1),
            new("it", null, 1),
        ];
        var prompts = Of(tokenizer, Template, demonstrations: 3, examples: examples);

        var read = prompts.Scored(new("the film"));

        Assert.Equal(3, read.Count);
        Assert.All(read, one => Assert.Equal(tokenizer.MaskId, one.Tokens.Ids[one.Place]));
        // The text itself never demonstrates, so the other of label 0 does.
        const string always = "the film it was [MASK] . [SEP] a film it was terrible . [SEP] ";
        Assert.All(
            read.Select(one => Texts(tokenizer, one)),
            one => Assert.Contains(one, new[] { "good", "it" }.Select(last => $"{always}{last} it was great ."))
        );
    }

    [Fact]
    public void Before_a_model_that_foretells_they_stand_in_front_each_on_a_line()
    {
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", "gpt2"));
        LabelledText[] examples =
        [
            new("dull", null, 0),
            new("slow", null, 0),
            new("sharp", null, 1),
            new("funny", null, 1),
        ];
        var prompts = Of(tokenizer, Template, causal: true, demonstrations: 1, examples: examples);

        var read = prompts.Scored(new("dull")).Single();

        string[] possible =
        [
            .. new[] { "sharp", "funny" }.Select(good => $"slow It was terrible.\n{good} It was great.\ndull It was"),
        ];
        Assert.Contains(read.Tokens.Ids, possible.Select(text => tokenizer.Encode(text, null, 100).Ids));
        Assert.Equal(read.Tokens.Length - 1, read.Place);
    }

    [Fact]
    public void Demonstrations_are_drawn_anew_for_each_update_and_row_and_by_the_text_when_it_is_scored()
    {
        var tokenizer = Tokenizers.Open(Bert);
        var (prompts, again) = (Many(), Many());
        IEnumerable<string> Trained(PromptedTexts from) =>
            Enumerable
                .Range(0, 40)
                .Select(update => Texts(tokenizer, from.Trained(new("film 3"), update % 2, update / 2)));

        Assert.Equal(Trained(prompts), Trained(again));
        Assert.True(Trained(prompts).Distinct().Count() > 20);
        Assert.All(Trained(prompts), one => Assert.DoesNotContain("film 3 it was terrible", one));
        string[] scored = [.. prompts.Scored(new("film 3")).Select(one => Texts(tokenizer, one))];
        Assert.Equal(scored, again.Scored(new("film 3")).Select(one => Texts(tokenizer, one)));
        Assert.True(scored.Distinct().Count() > 4);
        Assert.All(scored, one => Assert.DoesNotContain("film 3 it was terrible", one));

        PromptedTexts Many() =>
            Of(
                tokenizer,
                Template,
                demonstrations: 8,
                examples:
                [
                    .. Enumerable
                        .Range(0, 20)
                        .Select(number => new LabelledText($"film {number / 2}", null, number % 2)),
                ]
            );
    }

    [Theory]
    [InlineData("{text} {mask} {second}", false, "has {text} beside {first} or {second}")]
    [InlineData(
        "{first} {mask} {second}",
        false,
        "is for pairs of texts; expected {text}, as the dataset has no pairs"
    )]
    [InlineData("{text} {mask}", true, "is for texts; expected {first} and {second}, as the dataset has pairs")]
    public void A_template_for_other_texts_is_refused(string template, bool pair, string problem) =>
        Refused(problem, () => Of(Tokenizers.Open(Bert), template, pair: pair));

    [Fact]
    public void A_template_that_leaves_no_room_is_refused()
    {
        Refused(
            "takes 6 of 6 tokens and leaves 0; expected at least one for each of 1 texts",
            () => Of(Tokenizers.Open(Bert), Template, maxTokens: 6)
        );
        LabelledText[] examples =
        [
            new("the film", null, 0),
            new("a film", null, 0),
            new("good", null, 1),
            new("it", null, 1),
        ];
        // Two separators and two times "it was terrible ." more.
        Refused(
            "takes 16 of 18 tokens with 2 demonstrations and leaves 2; expected at least one for each of 3 texts",
            () => Of(Tokenizers.Open(Bert), Template, maxTokens: 18, demonstrations: 1, examples: examples)
        );
    }

    [Theory]
    [InlineData("{first}? {mask}, {second}", true, "has a text after {mask}")]
    [InlineData("{mask} {text}", false, "has a text after {mask}")]
    public void A_model_that_foretells_reads_nothing_behind_the_mask(string template, bool pair, string problem)
    {
        var tokenizer = Tokenizers.Open(GoldenFolders.Of("gpt2-causal-lm")[0]);
        Refused(
            problem,
            () => Of(tokenizer, template, causal: true, pair: pair, words: new() { ["bad"] = "not", ["good"] = "all" })
        );
    }

    [Fact]
    public void A_label_that_has_no_two_texts_cannot_be_demonstrated()
    {
        LabelledText[] examples =
        [
            new("the film", null, 0),
            new("the film", null, 0),
            new("good", null, 1),
            new("it", null, 1),
        ];
        Refused(
            "label 'bad' has 1 different train texts; expected two at least",
            () => Of(Tokenizers.Open(Bert), Template, demonstrations: 1, examples: examples)
        );
    }

    private static PromptedTexts Of(
        ITokenizer tokenizer,
        string template,
        int maxTokens = 64,
        bool pair = false,
        bool causal = false,
        int demonstrations = 0,
        LabelledText[]? examples = null,
        Dictionary<string, string>? words = null
    ) =>
        new(
            new(template, ["bad", "good"], words ?? Words, maxTokens, demonstrations, 13, examples ?? []),
            tokenizer,
            pair,
            causal
        );

    /// <summary>What stands between the first and the last special token.</summary>
    private static string Texts(ITokenizer tokenizer, PromptedText prompt)
    {
        var vocabulary = File.ReadAllLines(Path.Combine(Bert, "vocab.txt"));
        return string.Join(' ', prompt.Tokens.Ids[1..^1].Select(id => vocabulary[id]));
    }

    private static void Refused(string problem, Action work) =>
        Assert.Contains(problem, Assert.Throws<BadInputException>(work).Message);
}

public sealed class When_labels_are_said_by_words
{
    private static readonly string Bert = Path.Combine(GoldenFolders.RepositoryRoot, "samples", "tiny-bert");

    /// <summary>Those of the repository's scenarios.</summary>
    [Theory]
    [InlineData("bert-base-uncased")]
    [InlineData("roberta-base")]
    [InlineData("gpt2")]
    public void The_words_of_the_scenarios_are_tokens_of_the_models_that_these_are_for(string vocabulary)
    {
        var tokenizer = Tokenizers.Open(SharedFiles.Require("data", "tokenizers", vocabulary));
        string[][] tasks =
        [
            ["terrible", "bad", "okay", "good", "great"],
            ["incorrect", "correct"],
            ["No", "Yes"],
            ["Description", "Entity", "Expression", "Human", "Location", "Number"],
            ["World", "Sports", "Business", "Technology"],
        ];
        foreach (var words in tasks)
        {
            var settings = new PromptSettings("{text} {mask}", words, words.ToDictionary(word => word), 32, 0, 13, []);
            var prompts = new PromptedTexts(settings, tokenizer, pair: false, causal: vocabulary == "gpt2");
            Assert.Equal(words.Length, prompts.WordIds.Distinct().Count());
        }
    }

    [Fact]
    public void Of_byte_pairs_the_blank_before_a_word_is_shown()
    {
        var tokenizer = Tokenizers.Open(GoldenFolders.Of("gpt2-causal-lm")[0]);
        var words = new Dictionary<string, string> { ["bad"] = "not", ["good"] = "xyz" };
        var settings = new PromptSettings("{text} {mask}", ["bad", "good"], words, 32, 0, 13, []);
        var refused = Assert.Throws<BadInputException>(() => new PromptedTexts(settings, tokenizer, false, true));
        Assert.Contains("the word 'xyz' of label 'good' is 4 tokens (␣ | x | y | z); expected one.", refused.Message);
    }

    [Theory]
    [InlineData("bad=goodit,good=great", "the word 'goodit' of label 'bad' is 2 tokens (good | it); expected one.")]
    [InlineData("bad=terrible", "labelWords: the label 'good' has no word.")]
    [InlineData("bad=terrible,good=great,fair=good", "labelWords: 'fair' is no label; expected words for bad, good.")]
    [InlineData("bad=\u4e2d,good=great", "the word '\u4e2d' of label 'bad' is not in the model's vocabulary.")]
    [InlineData("bad=great,good=Great", "the labels bad and good have the same word 'great'; expected different ones.")]
    public void Words_that_do_not_tell_them_apart_are_refused(string words, string problem)
    {
        var given = words.Split(',').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var tokenizer = Tokenizers.Open(Bert);
        var settings = new PromptSettings("{text} {mask}", ["bad", "good"], given, 32, 0, 13, []);
        var refused = Assert.Throws<BadInputException>(() => new PromptedTexts(settings, tokenizer, false, false));
        Assert.Contains(refused.Problems, found => found.Contains(problem, StringComparison.Ordinal));
    }
}
