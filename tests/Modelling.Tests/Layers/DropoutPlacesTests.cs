using System.Text.Json.Nodes;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Layers;

public sealed class When_dropout_is_told_by_its_place
{
    public static TheoryData<string> Architectures => Golden.Heads("sequence-classification");
    public static TheoryData<string> Taggers => Golden.Heads("token-classification");
    public static TheoryData<string> Answerers => Golden.Heads("question-answering");

    [Theory]
    [MemberData(nameof(Architectures))]
    public void That_of_the_classifier_leaves_the_encoder_alone(string folder) =>
        Check(SequenceClassification.Open(folder, Head()), model => model.Encoder);

    [Theory]
    [MemberData(nameof(Taggers))]
    public void So_it_does_before_tags(string folder) =>
        Check(TokenClassification.Open(folder, Head(), Labels(folder)), model => model.Encoder);

    [Theory]
    [MemberData(nameof(Answerers))]
    public void And_before_answers(string folder) =>
        Check(QuestionAnswering.Open(folder, Head()), model => model.Encoder);

    [Theory]
    [MemberData(nameof(Architectures))]
    public void That_of_attention_changes_the_encoder_alone_and_the_rest_drops_nothing(string folder)
    {
        using var scope = NewDisposeScope();
        var masks = new DropoutMasks(3);
        using var model = SequenceClassification.Open(
            folder,
            new()
            {
                Masks = masks,
                Dropout = 0,
                AttentionDropout = 0.5,
            }
        );
        var still = model.Encoder.call(Batch());
        model.train();
        masks.Begin(1);
        var first = model.Encoder.call(Batch());
        masks.Begin(2);
        var second = model.Encoder.call(Batch());
        masks.Begin(1);

        Assert.True(Golden.Distance(still, first) > 1e-4);
        Assert.True(Golden.Distance(first, second) > 1e-4);
        // The embeddings come before any attention.
        Assert.True(Golden.Distance(model.Encoder.HiddenStates(Batch())[0], Embeddings(folder)) == 0);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void One_rate_for_all_is_the_same_as_that_rate_for_each(string folder)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            Logits(folder, new() { Masks = new(3), Dropout = 0.25 }),
            Logits(
                folder,
                new()
                {
                    Masks = new(3),
                    Dropout = 0.25,
                    AttentionDropout = 0.25,
                    // GPT-2 drops nothing before its classifier unless told to.
                    ClassifierDropout = folder.Contains("gpt2") ? null : 0.25,
                }
            )
        );
        Assert.NotEqual(
            Logits(folder, new() { Masks = new(3), Dropout = 0.25 }),
            Logits(
                folder,
                new()
                {
                    Masks = new(3),
                    Dropout = 0.25,
                    ClassifierDropout = 0.5,
                }
            )
        );
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void What_is_saved_has_the_rates_of_the_model_itself(string folder)
    {
        using var plain = new TemporaryFolder();
        using var told = new TemporaryFolder();
        using (var model = SequenceClassification.Open(folder, ModelSettings.Evaluation))
            model.Save(plain.Path);
        using (
            var model = SequenceClassification.Open(
                folder,
                new()
                {
                    Dropout = 0.3,
                    AttentionDropout = 0.4,
                    ClassifierDropout = 0.5,
                }
            )
        )
            model.Save(told.Path);

        Assert.Equal(File.ReadAllText(plain["config.json"]), File.ReadAllText(told["config.json"]));
    }

    private static ModelSettings Head() =>
        new()
        {
            Masks = new(3),
            Dropout = 0,
            ClassifierDropout = 0.5,
        };

    private static void Check<TModel>(TModel opened, Func<TModel, Encoder> encoder)
        where TModel : nn.Module<TokenBatch, Tensor>
    {
        using var scope = NewDisposeScope();
        using var model = opened;
        model.eval();
        var (hidden, logits) = (encoder(model).call(Batch()), model.call(Batch()));
        model.train();

        Assert.True(Golden.Distance(hidden, encoder(model).call(Batch()), Batch().Present) < 1e-5);
        Assert.True(Golden.Distance(logits, model.call(Batch())) > 1e-3);
    }

    private static float[] Logits(string folder, ModelSettings settings)
    {
        using var model = SequenceClassification.Open(folder, settings);
        model.train();
        return model.call(Batch()).data<float>().ToArray();
    }

    private static Tensor Embeddings(string folder)
    {
        using var model = SequenceClassification.Open(folder, ModelSettings.Evaluation);
        return model.Encoder.HiddenStates(Batch())[0];
    }

    private static string[] Labels(string folder) =>
        [
            .. JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!["id2label"]!
                .AsObject()
                .Select(label => (string)label.Value!),
        ];

    private static TokenBatch Batch() => TokenBatch.Of([new([2, 9, 8, 7, 11, 3], 6), new([2, 11, 12, 9, 8, 3], 6)], 0);
}
