using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.TestKit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Tests.Heads;

public sealed class When_a_model_reads_the_golden_batches
{
    private const double Close = 1e-4;

    public static TheoryData<string> Classification => Golden.Heads("sequence-classification");
    public static TheoryData<string> Regression => Golden.Folders("bert-regression");
    public static TheoryData<string> MaskedLanguage => Golden.Heads("masked-lm");
    public static TheoryData<string> Pretraining => Golden.Heads("pretraining");
    public static TheoryData<string> CausalLanguage => Golden.Heads("causal-lm");
    public static TheoryData<string> Tokens => Golden.Heads("token-classification");
    public static TheoryData<string> Answers => Golden.Heads("question-answering");

    [Theory]
    [MemberData(nameof(Classification))]
    [MemberData(nameof(Regression))]
    public void Hidden_states_logits_loss_and_gradients_of_a_classifier_are_those_of_Transformers(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = SequenceClassification.Open(folder, Golden.Evaluation);
        model.eval();

        Assert.Empty(model.NewWeights);
        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var logits = model.call(batch);
        Assert.InRange(Golden.Distance(golden["logits"], logits), 0, Close);
        if (golden.Names("pooled").Any())
            Assert.InRange(Golden.Distance(golden["pooled"], model.Pool(model.Encoder.call(batch), batch)), 0, Close);
        LossAndGradientsAreEqual(golden, model, model.Names, model.Loss(logits, golden["batch0.labels"]));
    }

    [Theory]
    [MemberData(nameof(MaskedLanguage))]
    public void Hidden_states_logits_loss_and_gradients_of_a_masked_language_model_are_those_of_Transformers(
        string folder
    )
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = MaskedLanguageModel.Open(folder, Golden.Evaluation);
        model.eval();

        Assert.Empty(model.NewWeights);
        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var logits = model.call(batch);
        Assert.InRange(Golden.Distance(golden["logits"], logits, batch.Present), 0, Close);
        LossAndGradientsAreEqual(golden, model, model.Names, model.Loss(logits, golden["batch0.labels"]));
    }

    [Theory]
    [MemberData(nameof(MaskedLanguage))]
    public void The_loss_at_the_masked_positions_alone_is_the_same(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = MaskedLanguageModel.Open(folder, Golden.Evaluation);

        var labels = golden["batch0.labels"].flatten();
        var positions = labels.ne(MaskedLanguageModel.Ignored).nonzero().squeeze(1);
        var loss = model.Loss(model.At(golden.Batch(0), positions), labels.index_select(0, positions));

        Assert.Equal(golden["loss"].item<float>(), loss.item<float>(), Close);
    }

    [Theory]
    [MemberData(nameof(Pretraining))]
    public void They_are_of_a_model_that_learns_masked_tokens_and_what_follows(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = MaskedAndNextModel.Open(folder, Golden.Evaluation);
        model.eval();

        Assert.Empty(model.NewWeights);
        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var (labels, next) = (golden["batch0.labels"], golden["batch0.next_sentence_label"]);
        Assert.InRange(Golden.Distance(golden["pooled"], model.Pool(model.Encoder.call(batch))), 0, Close);
        var logits = model.call(batch);
        Assert.InRange(Golden.Distance(golden["logits"], logits.Tokens, batch.Present), 0, Close);
        Assert.InRange(Golden.Distance(golden["seq_relationship_logits"], logits.Next), 0, Close);
        LossAndGradientsAreEqual(golden, model, model.Names, model.Loss(logits, labels, next));

        var positions = labels.flatten().ne(MaskedLanguageModel.Ignored).nonzero().squeeze(1);
        var alone = model.Loss(model.At(batch, positions), labels.flatten().index_select(0, positions), next);
        Assert.Equal(golden["loss"].item<float>(), alone.item<float>(), 1e-5);
    }

    [Theory]
    [MemberData(nameof(CausalLanguage))]
    public void They_are_of_a_causal_language_model(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = CausalLanguageModel.Open(folder, Golden.Evaluation);
        model.eval();

        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var logits = model.call(batch);
        Assert.InRange(Golden.Distance(golden["logits"], logits, batch.Present), 0, Close);
        LossAndGradientsAreEqual(golden, model, model.Names, model.Loss(logits, golden["batch0.labels"]));
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void They_are_of_a_classifier_of_tokens(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = TokenClassification.Open(folder, Golden.Evaluation);
        model.eval();

        Assert.Empty(model.NewWeights);
        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var logits = model.call(batch);
        Assert.InRange(Golden.Distance(golden["logits"], logits, batch.Present), 0, Close);
        LossAndGradientsAreEqual(golden, model, model.Names, model.Loss(logits, golden["batch0.labels"]));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void They_are_of_question_answering(string folder)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        using var model = QuestionAnswering.Open(folder, Golden.Evaluation);
        model.eval();

        Assert.Empty(model.NewWeights);
        HiddenStatesAreEqual(golden, model.Encoder);
        var batch = golden.Batch(0);
        var logits = model.call(batch);
        var expected = stack([golden["start_logits"], golden["end_logits"]], 2);
        Assert.InRange(Golden.Distance(expected, logits, batch.Present), 0, Close);
        var loss = model.Loss(logits, golden["batch0.start_positions"], golden["batch0.end_positions"]);
        LossAndGradientsAreEqual(golden, model, model.Names, loss);
    }

    private static void HiddenStatesAreEqual(Golden golden, Encoder encoder)
    {
        var batch = golden.Batch(0);
        var states = encoder.HiddenStates(batch);
        Assert.Equal(golden.Names("hidden.").Count(), states.Count);
        for (var i = 0; i < states.Count; i++)
            Assert.InRange(Golden.Distance(golden[$"hidden.{i}"], states[i], batch.Present), 0, Close);
        Assert.Equal(0, Golden.Distance(states[^1], encoder.call(batch)));
    }

    private static void LossAndGradientsAreEqual(Golden golden, Module model, WeightNames names, Tensor loss)
    {
        Assert.Equal(golden["loss"].item<float>(), loss.item<float>(), 1e-5);
        loss.backward();
        var gradients = model
            .named_parameters()
            .ToDictionary(p => "grad." + names.InCheckpoint(p.name), p => p.parameter.grad!);
        Assert.Equal(golden.Names("grad.").Order(), gradients.Keys.Order());
        foreach (var (name, gradient) in gradients)
            Assert.InRange(
                Golden.Distance(golden[name], gradient),
                0,
                1e-4 * golden[name].abs().max().item<float>() + 1e-6
            );
    }
}

public sealed class When_a_batch_is_put_together_differently
{
    public static TheoryData<string> Classification => Golden.Heads("sequence-classification");

    [Theory]
    [MemberData(nameof(Classification))]
    public void Each_row_has_the_logits_it_has_alone_and_padding_changes_none(string folder)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceClassification.Open(folder, Golden.Evaluation);
        using var noGradient = no_grad();
        model.eval();
        var random = new Random(5);
        TokenSequence[] sequences =
        [
            .. Enumerable
                .Range(0, 7)
                .Select(_ =>
                {
                    var length = random.Next(2, 40);
                    return new TokenSequence(
                        [.. Enumerable.Range(0, length).Select(_ => random.Next(5, 850))],
                        random.Next(1, length)
                    );
                }),
        ];

        var padId = model.Encoder.Head.PadId!.Value;
        var together = model.call(TokenBatch.Of(sequences, padId, model.Encoder.Device));
        var padded = model.call(
            TokenBatch.Of([.. sequences, new([.. Enumerable.Repeat(7, 48)], 48)], padId, model.Encoder.Device)
        );

        for (var row = 0; row < sequences.Length; row++)
        {
            var alone = model.call(TokenBatch.Of([sequences[row]], padId, model.Encoder.Device))[0];
            Assert.InRange(Golden.Distance(alone, together[row]), 0, 1e-5);
            Assert.InRange(Golden.Distance(alone, padded[row]), 0, 1e-5);
        }
    }
}
