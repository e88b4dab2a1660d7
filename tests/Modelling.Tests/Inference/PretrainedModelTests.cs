using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Inference;

public sealed class When_a_pretrained_encoder_reads_real_sentences
{
    private static readonly string[] Expected = ["mean", "cls", "pooled"];

    [Fact]
    public void Ids_means_first_vectors_and_pooled_ones_are_those_of_Transformers()
    {
        var folder = SharedFiles.Require("models", "minilm");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        model.eval();
        var expected = SafetensorsFile
            .Open(Path.Combine(folder, "expected.safetensors"))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Read());
        var tokenizer = Tokenizers.Open(folder);

        var rows = Texts(folder).Select(text => tokenizer.Encode(text.Text, null, 512)).ToList();
        Assert.Equal(Texts(folder).Select(text => text.Ids), rows.Select(row => row.Ids));

        var batch = TokenBatch.Of(rows, tokenizer.PadId);
        var hidden = model.Encoder.call(batch);
        var mean = Modelling.Layers.MeanPooling.Of(hidden, batch);
        Tensor[] found = [mean, hidden.select(1, 0), model.Pool(hidden, batch)];
        foreach (var (name, vectors) in Expected.Zip(found))
            Assert.InRange(Golden.Distance(expected[name], vectors), 0, 1e-4);
        Assert.All(model.NewWeights, name => Assert.StartsWith("classifier.", name));
    }

    [Fact]
    public void Embeddings_have_length_one_and_the_direction_of_the_mean_in_the_order_of_the_texts()
    {
        var folder = SharedFiles.Require("models", "minilm");
        using var scope = NewDisposeScope();
        using var embedder = TransformerEmbedder.Open(folder, 512);
        var mean = SafetensorsFile
            .Open(Path.Combine(folder, "expected.safetensors"))
            .Single(t => t.Name == "mean")
            .Read();
        ModelText[] texts = [.. Texts(folder).Select(text => new ModelText(text.Text))];

        var rows = embedder.Embed(texts);

        var expected = nn.functional.normalize(mean, 2, 1);
        for (var i = 0; i < rows.Count; i++)
            Assert.InRange(Golden.Distance(expected[i], tensor(rows[i])), 0, 1e-5);
        Assert.Equal(rows[1], embedder.Embed([texts[1]]).Single(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Laid_out_as_a_DistilBERT_it_gives_the_same_embeddings()
    {
        var folder = SharedFiles.Require("models", "minilm");
        using var relaid = new TemporaryFolder();
        StudentFolder.Write(folder, blocks: 6, relaid.Path);
        Tokenizers.Open(folder).Save(relaid.Path);
        using var bert = TransformerEmbedder.Open(folder, 512);
        using var distilBert = TransformerEmbedder.Open(relaid.Path, 512);
        ModelText[] texts = [.. Texts(folder).Select(text => new ModelText(text.Text))];

        var rows = distilBert.Embed(texts);

        foreach (var (expected, found) in bert.Embed(texts).Zip(rows))
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_fine_tuned_model_tells_good_films_from_bad_ones()
    {
        using var classifier = Classifiers.Open(SharedFiles.Require("models", "minilm-sst2"), new ComputeOptions(1));

        var rows = classifier.Predict([
            new("a masterpiece of warmth and wit ."),
            new("dull , lifeless and far too long ."),
        ]);

        Assert.Equal(["negative", "positive"], classifier.Labels);
        Assert.InRange(rows[0][1], 0.9, 1);
        Assert.InRange(rows[1][0], 0.9, 1);
        Assert.All(rows, row => Assert.Equal(1, row.Sum(), 1e-5));
    }

    [Fact]
    public void An_encoder_without_a_classifier_is_refused_as_one()
    {
        var folder = SharedFiles.Require("models", "minilm");

        var refused = Assert.Throws<BadInputException>(() => Classifiers.Open(folder));

        Assert.Contains("classifier.weight", refused.Message);
    }

    private static IEnumerable<(string Text, int[] Ids)> Texts(string folder) =>
        JsonDocument
            .Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")))
            .RootElement.EnumerateArray()
            .Select(entry =>
                (
                    entry.GetProperty("text").GetString()!,
                    entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray()
                )
            );
}
