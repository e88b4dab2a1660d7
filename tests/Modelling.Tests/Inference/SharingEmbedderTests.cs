using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_texts_are_embedded_among_all_of_their_dataset
{
    private static readonly ModelText[] All = [new("ccc"), new("a"), new("bb"), new("a")];

    [Fact]
    public void Different_parts_ask_the_encoder_for_the_same_list()
    {
        using var one = new Counting();
        using var other = new Counting();

        var first = new SharingEmbedder(one, All).Embed([All[0], All[1], All[0]]);
        var second = new SharingEmbedder(other, [.. All.Reverse()]).Embed([All[2]]);

        Assert.Equal(
            [
                [3f],
                [1f],
                [3f],
            ],
            first
        );
        Assert.Equal(
            [
                [2f],
            ],
            second
        );
        Assert.Equal(["a bb ccc"], one.Asked);
        Assert.Equal(one.Asked, other.Asked);
    }

    [Fact]
    public void They_are_embedded_once_and_another_text_alone()
    {
        using var encoder = new Counting();
        using var embedder = new SharingEmbedder(encoder, All);

        embedder.Embed([All[1]]);
        embedder.Embed([All[2]]);
        Assert.Equal(
            [
                [4f],
                [1f],
            ],
            embedder.Embed([new("dddd"), All[1]])
        );

        Assert.Equal(["a bb ccc", "dddd a"], encoder.Asked);
    }

    /// <summary>The length of a text is its vector.</summary>
    private sealed class Counting : IEmbedder
    {
        public List<string> Asked { get; } = [];

        public int Width => 1;

        public TimeSpan Spared => default;

        public IReadOnlyList<float[]> Embed(IReadOnlyList<ModelText> texts, CancellationToken cancellation = default)
        {
            Asked.Add(string.Join(' ', texts.Select(text => text.First)));
            return [.. texts.Select(text => new[] { (float)text.First.Length })];
        }

        public IReadOnlyList<int> CutOff(IReadOnlyList<ModelText> texts) => [.. texts.Select(_ => 0)];

        public void Dispose() { }
    }
}
