using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Modelling.Tests.Inference;

/// <summary>Bit for bit where linear maps are convolutions (docs/decisions/0029), elsewhere near.</summary>
public sealed class When_a_text_stands_beside_others
{
    private static readonly ModelText[] Texts =
    [
        .. new[] { 1, 3, 9, 14, 15, 22, 30, 31, 33, 47, 60, 64 }.Select(words => new ModelText(
            string.Join(
                ' ',
                Enumerable
                    .Range(0, words)
                    .Select(at =>
                        at % 3 == 0 ? "dull"
                        : at % 2 == 0 ? "and"
                        : "wonderful"
                    )
            )
        )),
    ];

    [Fact]
    public void Its_probabilities_stay_the_same()
    {
        using var model = Classifiers.Open(SharedFiles.Require("models", "minilm-sst2"));

        Same(texts => model.Predict(texts));
    }

    [Fact]
    public void Its_embedding_stays_the_same()
    {
        using var model = TransformerEmbedder.Open(SharedFiles.Require("models", "minilm"), 512);

        Same(texts => model.Embed(texts));
    }

    private static void Same(Func<IReadOnlyList<ModelText>, IReadOnlyList<float[]>> read)
    {
        float[][] alone = [.. Texts.Select(text => read([text])[0])];
        Equal(alone, read(Texts));
        Equal(alone, [.. Texts.Select(text => read([text, text, text])[0])]);
        Equal(alone, [.. Texts.Select(text => read([Texts[8], text])[1])]);
        Equal(alone, [.. Texts.Select(text => read([.. Enumerable.Repeat(text, 70)])[69])]);
    }

    private static void Equal(float[][] expected, IReadOnlyList<float[]> found)
    {
        if (ConvolvedMap.OnThisProcessor)
            Assert.Equal(expected, found);
        else
            Assert.All(
                expected.Zip(found),
                pair => Assert.Equal(pair.First, pair.Second, (one, other) => Math.Abs(one - other) < 1e-5)
            );
    }
}
