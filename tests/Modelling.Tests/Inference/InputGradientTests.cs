using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_a_classifier_tells_its_gradients
{
    public static TheoryData<string> Folders => Golden.Heads("sequence-classification");

    /// <summary>A word embedding's gradient is the sum over the places at which its token stands.</summary>
    [Theory]
    [MemberData(nameof(Folders))]
    public void Those_of_a_batchs_tokens_add_up_to_Transformers_gradient_of_the_embeddings(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = SequenceClassification.Open(folder, Golden.Evaluation);
        model.eval();
        var name = golden
            .Names("grad.")
            .Single(one => one.EndsWith("word_embeddings.weight") || one.EndsWith("wte.weight"));
        var expected = golden[name].cpu(); // (vocabulary, D)
        var (ids, present, labels) = (
            golden["batch0.input_ids"].cpu(),
            golden["batch0.attention_mask"].cpu(),
            golden["batch0.labels"].cpu()
        );
        var types = golden.Batch(0).Types?.cpu();
        var (rows, padId) = ((int)ids.shape[0], (int)(model.Encoder.Head.PadId ?? 0));

        var sum = zeros_like(expected);
        for (var row = 0; row < rows; row++)
        {
            var length = (int)present[row].sum().item<long>();
            var tokens = Array.ConvertAll(ids[row].data<long>().ToArray()[..length], id => (int)id);
            var second = types is null ? length : length - (int)types[row].sum().item<long>();
            var gradients = InputGradients.Of(
                model,
                new TokenSequence(tokens, second, types is not null),
                padId,
                ComputeOptions.AllProcessors,
                (int)labels[row].item<long>()
            );
            for (var at = 0; at < length; at++)
                sum[tokens[at]].add_(tensor(gradients[at]).div_(rows));
        }

        // Padding has no gradient in either: its row is left out where the architecture looks it up without one.
        expected[padId].zero_();
        sum[padId].zero_();
        Assert.InRange(Golden.Distance(expected, sum), 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Each_token_that_is_read_has_its_place_in_its_text(string folder)
    {
        using var classifier = TransformerClassifier.Open(folder);
        var pair = new ModelText("what is the story", "the country said no");
        var longOne = new ModelText(string.Join(' ', Enumerable.Repeat("story", 100)));

        Assert.All(
            classifier.Gradients(pair),
            one =>
            {
                var text = one.Column == 0 ? pair.First : pair.Second!;
                Assert.InRange(one.Token.Start, 0, one.Token.End - 1);
                Assert.InRange(one.Token.End, 1, text.Length);
                Assert.NotEqual(0, one.Values.Sum(Math.Abs));
            }
        );
        Assert.Equal(
            classifier.Encode(pair).Ids.Count(id => !Specials(folder).Contains(id)),
            classifier.Gradients(pair).Count
        );
        Assert.Contains(classifier.Gradients(pair), one => one.Column == 1);
        Assert.InRange(classifier.Gradients(longOne).Count, 1, classifier.Encode(longOne).Length);
    }

    [Fact]
    public void What_the_batch_adds_to_the_words_is_added()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var folder = TestKit.GoldenFolders.Of("bert-sequence-classification")[0];
        using var model = SequenceClassification.Open(folder, Golden.Evaluation);
        model.eval();
        var batch = TokenBatch.Of([new([2, 40, 41, 3], 4)], 0);
        var nothing = zeros([1, 4, model.Encoder.Width]);
        var toAnother = model.Encoder.Words[50].sub(model.Encoder.Words[40]).view(1, 1, -1);
        var moved = cat([zeros([1, 1, model.Encoder.Width]), toAnother, zeros([1, 2, model.Encoder.Width])], 1);

        Assert.Equal(0, Golden.Distance(model.call(batch), model.call(batch.ShiftedBy(nothing))));
        var other = TokenBatch.Of([new([2, 50, 41, 3], 4)], 0);
        Assert.InRange(Golden.Distance(model.call(other), model.call(batch.ShiftedBy(moved))), 0, 1e-5);
        Assert.NotInRange(Golden.Distance(model.call(batch), model.call(batch.ShiftedBy(moved))), 0, 1e-5);
    }

    private static IReadOnlySet<int> Specials(string folder) => Tokenizers.Open(folder).SpecialIds;
}
