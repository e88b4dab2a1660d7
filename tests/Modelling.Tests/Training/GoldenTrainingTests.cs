using System.Text.Json.Nodes;
using TorchSharp;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.Modelling.Training;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Training;

public sealed class When_ten_golden_updates_are_made
{
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
    public void A_classifier_has_the_losses_norms_rates_and_weights_of_Transformers(string folder)
    {
        using var model = SequenceClassification.Open(folder, Golden.Evaluation);
        Train(folder, model, model.Names, (batch, labels) => model.Loss(model.call(batch), labels));
    }

    [Theory]
    [MemberData(nameof(MaskedLanguage))]
    public void A_masked_language_model_has_them_too(string folder)
    {
        using var model = MaskedLanguageModel.Open(folder, Golden.Evaluation);
        Train(folder, model, model.Names, (batch, labels) => model.Loss(model.call(batch), labels));
    }

    [Theory]
    [MemberData(nameof(Pretraining))]
    public void So_has_a_model_that_learns_masked_tokens_and_what_follows(string folder)
    {
        using var model = MaskedAndNextModel.Open(folder, Golden.Evaluation);
        Train(
            folder,
            model,
            model.Names,
            (golden, batch) =>
                model.Loss(
                    model.call(golden.Batch(batch)),
                    golden[$"batch{batch}.labels"],
                    golden[$"batch{batch}.next_sentence_label"]
                )
        );
    }

    [Theory]
    [MemberData(nameof(CausalLanguage))]
    public void So_has_a_causal_language_model(string folder)
    {
        using var model = CausalLanguageModel.Open(folder, Golden.Evaluation);
        Train(folder, model, model.Names, (batch, labels) => model.Loss(model.call(batch), labels));
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void So_has_a_classifier_of_tokens(string folder)
    {
        using var model = TokenClassification.Open(folder, Golden.Evaluation);
        Train(folder, model, model.Names, (batch, labels) => model.Loss(model.call(batch), labels));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void So_has_question_answering(string folder)
    {
        using var model = QuestionAnswering.Open(folder, Golden.Evaluation);
        Train(
            folder,
            model,
            model.Names,
            (golden, batch) =>
                model.Loss(
                    model.call(golden.Batch(batch)),
                    golden[$"batch{batch}.start_positions"],
                    golden[$"batch{batch}.end_positions"]
                )
        );
    }

    private static void Train(
        string folder,
        nn.Module model,
        WeightNames names,
        Func<Modelling.Tokenization.TokenBatch, Tensor, Tensor> loss
    ) => Train(folder, model, names, (golden, batch) => loss(golden.Batch(batch), golden[$"batch{batch}.labels"]));

    private static void Train(string folder, nn.Module model, WeightNames names, Func<Golden, int, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var golden = new Golden(folder);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")))!["steps"]!.AsArray();
        var figures = new List<UpdateFigures>();
        var plan = new TrainingPlan(Updates: 10, Batch: 1, LearningRate: 0.001, new AdamWOptions(), WarmUp: 0.2);

        new TrainingLoop(
            new GoldenTask(model, golden, loss),
            plan,
            new KeptCheckpoints(),
            new Listener(report => figures.Add(report.Last))
        ).Run(default);

        Assert.Equal(expected.Count, figures.Count);
        foreach (var (step, made) in expected.Zip(figures))
        {
            Assert.Equal((double)step!["loss"]!, made.Loss, 1e-3);
            Assert.Equal((double)step["lr"]!, made.LearningRate, 1e-12);
            var norm = (double)step["grad_norm"]!;
            Assert.InRange(made.GradientNorm, norm - 1e-3 * norm, norm + 1e-3 * norm);
        }

        var after = golden.Names("after10.").ToList();
        Assert.NotEmpty(after);
        var answers = model is QuestionAnswering;
        var weights = model
            .named_parameters()
            .ToDictionary(p => "after10." + names.InCheckpoint(p.name), p => p.parameter);
        Assert.All(
            after,
            name =>
                Assert.InRange(
                    Golden.Distance(Settled(name, golden[name], answers), Settled(name, weights[name], answers)),
                    0,
                    1e-4
                )
        );
    }

    /// <summary>
    /// All but what moves all scores of a softmax alike: its gradient is rounding noise, which Adam scales up. The biases
    /// of keys do, and of answers those of the last layers.
    /// </summary>
    private static Tensor Settled(string name, Tensor weights, bool answers)
    {
        if (name.EndsWith("key.bias") || name.EndsWith("k_lin.bias"))
            return zeros(1);
        if (answers && (name.EndsWith("qa_outputs.bias") || name.EndsWith("ln_f.bias")))
            return zeros(1);
        if (!name.EndsWith("c_attn.bias"))
            return weights;
        var parts = weights.chunk(3); // query, key, value
        return cat([parts[0], parts[2]]);
    }

    /// <summary>The golden batches in turn, whatever the order says.</summary>
    private sealed class GoldenTask(nn.Module model, Golden golden, Func<Golden, int, Tensor> loss) : ITrainingTask
    {
        public nn.Module Model => model;
        public IReadOnlyList<int> Lengths => [20, 20, 20];

        public Tensor Loss(IReadOnlyList<int> rows, long update) => loss(golden, (int)update % 3);

        public double? Score(CancellationToken stop) => null;
    }

    private sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
