using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_whole_words_are_masked
{
    [Fact]
    public void All_pieces_of_a_word_are_hidden_or_none_and_the_rate_holds()
    {
        // Ids 100 and above go on with the word before.
        int[] text = [1, .. Enumerable.Range(0, 400).SelectMany(word => new[] { 10 + word % 50, 100, 101 }), 2];
        var whole = new MaskedTokens(0.15, mask: 4, vocabulary: 200, new HashSet<int> { 1, 2, 4 }, id => id >= 100);

        var tokens = text.ToArray();
        var labels = whole.Corrupt(tokens, new CounterRandom(13, "words"));

        var hidden = 0;
        for (var i = 1; i < text.Length - 1; i += 3)
        {
            var chosen = labels[i..(i + 3)].Count(label => label != MaskedTokens.Ignored);
            Assert.True(chosen is 0 or 3);
            hidden += chosen / 3;
        }
        Assert.InRange(hidden, 40, 80);
        Assert.Equal(MaskedTokens.Ignored, labels[0]);
        Assert.Equal(MaskedTokens.Ignored, labels[^1]);
    }

    [Fact]
    public void A_text_that_begins_within_a_word_is_masked_too()
    {
        var whole = new MaskedTokens(0, mask: 4, vocabulary: 200, new HashSet<int> { 4 }, id => id >= 100);
        int[] tokens = [100, 101];

        Assert.Equal([100L, 101L], whole.Corrupt(tokens, new CounterRandom(13, "words")));
    }
}

public sealed class When_texts_are_packed_into_blocks
{
    [Fact]
    public void They_follow_each_other_with_an_end_between_and_the_rest_is_dropped()
    {
        var blocks = CausalLanguageTask.Pack(
            [
                [1, 2, 3],
                [4],
                [5, 6],
            ],
            end: 0,
            length: 4
        );

        Assert.Equal(
            [
                [1, 2, 3, 0],
                [4, 0, 5, 6],
            ],
            blocks
        );
    }

    [Fact]
    public void What_fills_no_block_is_kept_where_it_is_all() =>
        Assert.Equal(
            [
                [1, 2, 0],
            ],
            CausalLanguageTask.Pack(
                [
                    [1, 2],
                ],
                end: 0,
                length: 4
            )
        );

    [Fact]
    public void The_measured_loss_is_the_mean_over_all_next_tokens()
    {
        using var scope = NewDisposeScope();
        var folder = GoldenFolders.Of("gpt2-causal-lm")[0];
        using var model = CausalLanguageModel.Open(folder, ModelSettings.Evaluation);
        int[][] blocks = [.. Enumerable.Range(0, 20).Select(block => Enumerable.Range(block, 8).ToArray())];

        var score = new CausalLanguageTask(model, new DropoutMasks(1), blocks, []).Measure(default);

        var ids = tensor(blocks.SelectMany(block => block.Select(id => (long)id)).ToArray(), [20, 8]);
        using var none = no_grad();
        var expected = model.Loss(model.call(new TokenBatch(ids, null, null)), ids).item<float>();
        Assert.Equal(expected, score.Loss, 1e-4);
        Assert.Equal(Math.Exp(score.Loss), score.Perplexity, 1e-9);
        Assert.Equal(20 * 7, score.Tokens);
    }
}

public sealed class When_pairs_of_texts_are_drawn
{
    private static readonly IReadOnlyList<string>[] Documents =
    [
        .. Enumerable.Range(0, 26).Select(document => Enumerable.Range(0, 3).Select(_ => Word(document)).ToArray()),
    ];

    [Fact]
    public void Half_of_the_second_texts_follow_and_the_others_come_from_another_document()
    {
        var tokenizer = Tokenizers.Open(GoldenFolders.Of("bert-masked-lm")[0]);
        var texts = new FollowingTexts(Documents, tokenizer, maxTokens: 16);
        var random = new CounterRandom(13, "pairs");

        var follow = 0;
        for (var draw = 0; draw < 600; draw++)
        {
            var document = draw % Documents.Length;
            var (pair, follows) = texts.Draw(document, random);
            follow += follows ? 1 : 0;
            var own = tokenizer.Encode(Word(document), null, 16).Ids[1];
            Assert.All(pair.Ids[1..(pair.Second - 1)], id => Assert.Equal(own, id));
            var second = pair.Ids[pair.Second..^1];
            Assert.NotEmpty(second);
            Assert.All(second, id => Assert.Equal(follows, id == own));
        }
        Assert.InRange(follow, 250, 350);
    }

    /// <summary>A letter, which any vocabulary knows.</summary>
    private static string Word(int document) => ((char)('a' + document)).ToString();
}
