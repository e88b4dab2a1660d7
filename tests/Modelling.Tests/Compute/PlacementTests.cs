using TorchSharp;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Compute;

public sealed class When_a_model_is_placed_on_a_device
{
    private static readonly DropoutMasks Masks = new(13);
    private static readonly ModelSettings There = Golden.Evaluation with { Masks = Masks, Dropout = 0.1 };
    private static readonly TokenSequence[] Sequences = [new([1, 5, 6, 2, 9], 3), new([1, 7, 8, 2, 6], 3)];
    private static readonly MaskedTokens Corruption = new(0.9, mask: 4, vocabulary: 200, new HashSet<int> { 1, 2 });

    public static TheoryData<string> Tasks => new("answers", "labels", "masked", "next", "pairs", "tags", "taught");

    public static TheoryData<string> Classifiers => Golden.Heads("sequence-classification");

    /// <summary>libtorch's device without numbers stands for any that is not the processor.</summary>
    [Theory]
    [MemberData(nameof(Classifiers))]
    public void All_of_its_weights_lie_there(string folder)
    {
        using var model = SequenceClassification.Open(folder, new ModelSettings { Placement = new("meta") });

        Assert.All(model.parameters(), weight => Assert.Equal(DeviceType.META, weight.device_type));
        Assert.Equal(DeviceType.META, model.Encoder.Device.type);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Whatever_is_learnt_is_computed_there(string what)
    {
        using var scope = NewDisposeScope();
        var task = Task(what);
        task.Model.train();

        var loss = task.Loss([0, 1], update: 1);
        loss.backward();

        Assert.Equal(task.Model.parameters().First().device_type, loss.device_type);
        Assert.InRange(loss.item<float>(), 0.01, 100);
        Assert.All(task.Model.parameters(), weight => Assert.True(weight.grad!.isfinite().all().item<bool>()));
        task.Model.Dispose();
    }

    private static ITrainingTask Task(string what) =>
        what switch
        {
            "answers" => new AnswerTask(
                QuestionAnswering.Open(Folder("bert-question-answering"), There),
                Masks,
                padId: 0,
                [.. Sequences.Select(tokens => new AnsweredWindow(tokens, 1, 2))]
            ),
            "labels" => new SequenceTask(
                Classifier(),
                Masks,
                padId: 0,
                new TrainingExamples(Sequences, [0, 1], Weights: [1, 2]),
                variant: new(LabelSmoothing: 0.1, Focal: 1, ClassWeights: [1, 2, 3], RDrop: 1)
            ),
            "masked" => new MaskedLanguageTask(
                MaskedLanguageModel.Open(Folder("bert-masked-lm"), There),
                Masks,
                Corruption,
                padId: 0,
                Sequences,
                heldOut: [],
                seed: 13
            ),
            "next" => new CausalLanguageTask(
                CausalLanguageModel.Open(Folder("gpt2-causal-lm"), There),
                Masks,
                [.. Sequences.Select(tokens => tokens.Ids)],
                heldOut: []
            ),
            "pairs" => new MaskedAndNextTask(
                MaskedAndNextModel.Open(Folder("bert-pretraining"), There),
                Masks,
                Corruption,
                padId: 0,
                Documents,
                heldOut: Documents,
                seed: 13
            ),
            "tags" => new TokenTask(
                TokenClassification.Open(Folder("bert-token-classification"), There),
                Masks,
                padId: 0,
                [.. Sequences.Select(tokens => new TaggedSentence(new(tokens, [1, 2], CutOff: 0), [0, 1]))]
            ),
            _ => new SequenceDistillationTask(
                Classifier(),
                Masks,
                padId: 0,
                [.. Sequences.Select(tokens => new TaughtText(tokens, [0.2f, 0.3f, 0.5f], Label: 1))],
                new DistillationWeights()
            ),
        };

    private static FollowingTexts Documents =>
        new(
            [
                ["It rains.", "Take a coat."],
                ["He sang.", "All clapped."],
            ],
            Tokenizers.Open(Folder("bert-masked-lm")),
            maxTokens: 20
        );

    private static SequenceClassification Classifier() =>
        SequenceClassification.Open(Folder("bert-sequence-classification"), There, new ClassifierTask(["a", "b", "c"]));

    private static string Folder(string kind) => GoldenFolders.Of(kind)[0];
}

public sealed class When_linear_layers_multiply_bfloat16
{
    private static readonly ModelSettings Rounded = new()
    {
        Placement = Golden.Evaluation.Placement with { Precision = "bf16" },
    };

    public static TheoryData<string> Classifiers => Golden.Heads("sequence-classification");

    [Theory]
    [MemberData(nameof(Classifiers))]
    public void Logits_are_near_those_of_fp32_and_not_the_same(string folder)
    {
        using var scope = NewDisposeScope();
        using var model = SequenceClassification.Open(folder, Rounded);
        model.eval();
        var golden = new Golden(folder);

        var distance = Golden.Distance(golden["logits"], model.call(golden.Batch(0)));

        Assert.InRange(distance, 1e-6, 0.02 * golden["logits"].abs().max().item<float>() + 0.02);
    }

    [Fact]
    public void So_does_a_decoder_that_is_the_matrix_of_word_embeddings()
    {
        using var scope = NewDisposeScope();
        var causal = GoldenFolders.Of("gpt2-causal-lm")[0];
        using var model = CausalLanguageModel.Open(causal, Rounded);
        model.eval();
        var batch = new Golden(causal).Batch(0);
        var exact = model.Encoder.call(batch).matmul(model.Encoder.Words.t());
        Near(exact, model.call(batch));
        Near(exact.flatten(0, 1).index_select(0, tensor(new[] { 3L })), model.At(batch, tensor(new[] { 3L })));

        static void Near(Tensor expected, Tensor actual) =>
            Assert.InRange(Golden.Distance(expected, actual), 1e-6, 0.02 * expected.abs().max().item<float>());
    }

    [Fact]
    public void Weights_and_gradients_stay_fp32()
    {
        using var scope = NewDisposeScope();
        var folder = GoldenFolders.Of("bert-masked-lm")[0];
        using var model = MaskedLanguageModel.Open(folder, Rounded);
        var golden = new Golden(folder);

        model.Loss(model.call(golden.Batch(0)), golden["batch0.labels"]).backward();

        Assert.All(model.parameters(), weight => Assert.Equal(ScalarType.Float32, weight.dtype));
        Assert.All(model.parameters(), weight => Assert.Equal(ScalarType.Float32, weight.grad!.dtype));
    }
}

public sealed class When_a_placement_is_asked_for
{
    [Fact]
    public void What_this_machine_has_is_taken() => Placement.Processor.Check();

    [Theory]
    [InlineData("tpu", "fp32", "device 'tpu': expected one of cpu")]
    [InlineData("cuda:99", "fp32", "device 'cuda:99': expected one of cpu")]
    [InlineData("cpu", "int8", "precision 'int8': expected fp32 or bf16")]
    public void What_there_is_not_is_refused_by_name(string device, string precision, string message)
    {
        var refused = Assert.Throws<BadInputException>(() => new Placement(device, precision).Check());

        Assert.StartsWith(message, refused.Message);
    }
}
