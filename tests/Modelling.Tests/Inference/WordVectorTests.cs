using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_words_are_vectors : IDisposable
{
    private static readonly string Folder = GoldenFolders.Of("bert-masked-lm")[0];
    private static readonly string[] Vocabulary = File.ReadAllLines(Path.Combine(Folder, "vocab.txt"));

    private readonly WordVectors _vectors = WordVectors.Open(Folder, ComputeOptions.AllProcessors);

    public void Dispose() => _vectors.Dispose();

    [Fact]
    public void They_are_the_models_word_embeddings_of_whole_words()
    {
        using var scope = NewDisposeScope();
        using var model = MaskedLanguageModel.Open(Folder, Golden.Evaluation);
        var rows = model.Encoder.Words;

        double Cosine(string one, string other) =>
            nn
                .functional.cosine_similarity(
                    rows[Array.IndexOf(Vocabulary, one)],
                    rows[Array.IndexOf(Vocabulary, other)],
                    0,
                    1e-8
                )
                .item<float>();

        Assert.Equal(Vocabulary.Count(word => word.All(char.IsLetter)), _vectors.Count);
        Assert.Equal(Cosine("story", "father"), _vectors.Cosine("story", "father")!.Value, 1e-5);
        Assert.Equal(1, _vectors.Cosine("Story", "story")!.Value, 1e-5);
        Assert.Null(_vectors.Cosine("story", "unheardof"));
        var best = Vocabulary
            .Where(word => word.All(char.IsLetter) && word != "story")
            .OrderByDescending(word => Cosine("story", word))
            .Take(5);
        Assert.Equal(best, _vectors.Nearest("Story", 5));
        Assert.All(_vectors.Nearest("story", 50, 0.2), word => Assert.True(Cosine("story", word) >= 0.2 - 1e-5));
        Assert.Empty(_vectors.Nearest("unheardof", 5));
    }

    [Fact]
    public void The_best_flip_raises_the_first_order_estimate_most()
    {
        using var scope = NewDisposeScope();
        using var model = MaskedLanguageModel.Open(Folder, Golden.Evaluation);
        var gradient = model.Encoder.Words[77].data<float>().ToArray();

        var flips = _vectors.Flips("story", gradient, 3, null);

        var rises = model.Encoder.Words.mv(tensor(gradient)).data<float>().ToArray();
        var best = Enumerable
            .Range(0, Vocabulary.Length)
            .Where(id => Vocabulary[id].All(char.IsLetter) && Vocabulary[id] != "story")
            .OrderByDescending(id => rises[id])
            .Take(3)
            .Select(id => Vocabulary[id]);
        Assert.Equal(best, flips);
        Assert.All(
            _vectors.Flips("story", gradient, 5, 0.1),
            word => Assert.True(_vectors.Cosine("story", word) >= 0.1)
        );
        Assert.Empty(_vectors.Flips("unheardof", gradient, 3, 0.1));
    }

    [Fact]
    public void A_folder_without_a_model_is_refused() =>
        Assert.Throws<BadInputException>(() => WordVectors.Open(Path.GetTempPath(), ComputeOptions.AllProcessors));
}

public sealed class When_a_masked_model_fills_gaps
{
    public static TheoryData<string> Folders => Golden.Heads("masked-lm");

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_words_are_those_that_the_model_finds_likeliest(string folder)
    {
        using var model = HiddenWords.Open(folder, 40, ComputeOptions.AllProcessors);
        var tokenizer = Tokenizers.Open(folder);
        var gaps = new WordGaps(model);
        const string text = "they said what the court must know";

        var (hidden, span) = model.Words(text).First(word => word.Span.Start > 0);
        var gap = new WordGap(text[..span.Start], text[span.End..]);

        var filled = gaps.Fill([gap, new("", " said no")], 4);

        // The same as that word hidden where it stands.
        var said = model.Foretell(text, [hidden])[0];
        var sum = said.Sum(value => Math.Exp(value - said.Max()));
        var best = LetterTokens
            .Of(tokenizer)
            .OrderByDescending(id => said[id])
            .Take(4)
            .Select(id => (tokenizer.TextOf(id), Math.Exp(said[id] - said.Max()) / sum))
            .ToList();
        Assert.Equal(best.Select(word => word.Item1), filled[0].Select(word => word.Word));
        Assert.All(best.Zip(filled[0]), pair => Assert.Equal(pair.First.Item2, pair.Second.Probability, 1e-5));
        Assert.Equal(4, filled[1].Count);
        Assert.Equal(filled[0], gaps.Fill([gap], 4)[0]);
        var least = filled[0][1].Probability;
        Assert.Equal(filled[0].Take(2), gaps.Fill([gap], 4, least)[0]);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Of_a_long_text_what_is_near_the_gap_is_read(string folder)
    {
        using var model = HiddenWords.Open(folder, 40, ComputeOptions.AllProcessors);
        var gaps = new WordGaps(model);
        var before = string.Join(' ', Enumerable.Repeat("what the court said", 30)) + " ";

        Assert.Equal(3, gaps.Fill([new(before, " must know")], 3)[0].Count);
        Assert.NotEmpty(gaps.Instead(before + "story", before.Length, before.Length + 5, 3));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Words_for_one_that_is_read_are_joined_of_its_pieces(string folder)
    {
        using var model = HiddenWords.Open(folder, 40, ComputeOptions.AllProcessors);
        var tokenizer = Tokenizers.Open(folder);
        const string text = "they said storycourt no";
        var gaps = new WordGaps(model);
        var count = tokenizer.Spans(text).Count(piece => piece.Start < 20 && piece.End > 10);

        var several = gaps.Instead(text, 10, 20, 6);
        var one = gaps.Instead(text, 5, 9, 6);

        Assert.True(count > 1);
        Assert.InRange(several.Count, 1, 6);
        Assert.All(several.Concat(one), word => Assert.All(word, letter => Assert.True(char.IsLetter(letter))));
        Assert.Equal(6, one.Count);
        Assert.Empty(gaps.Instead(text, 30, 31, 6));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_tokens_text_is_what_stands_at_its_place(string folder)
    {
        var tokenizer = Tokenizers.Open(folder);
        const string text = "what the café said — naïve stories, 12 of them";
        var lower = folder.Contains("roberta") ? text : "what the cafe said — naive stories, 12 of them";
        foreach (var piece in tokenizer.Spans(text))
        {
            var own = tokenizer.TextOf(piece.Id);
            if (own.Contains('\ufffd') || own.Length == 0) // part of a character, or an unknown one
                continue;
            Assert.Equal(lower[piece.Start..piece.End].Trim(), own);
        }
        Assert.All(tokenizer.SpecialIds, id => Assert.Equal("", tokenizer.TextOf(id)));
    }
}
