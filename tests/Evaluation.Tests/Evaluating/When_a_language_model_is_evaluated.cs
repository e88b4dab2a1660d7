using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.TestKit;

namespace TransferPipeline.Evaluation.Tests.Evaluating;

public sealed class When_a_language_model_is_evaluated : IDisposable
{
    private static readonly string Folder = GoldenFolders.Of("gpt2-causal-lm")[0];
    private static readonly string[] Texts = ["the film is a joy", "it is not", "a dog and a man"];

    private readonly StudyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Its_perplexity_is_that_of_all_tokens_together_with_its_interval_and_needs_no_label()
    {
        var split = await _bench.Split("test", Texts);
        var dataset = DatasetIdentity.Dataset("prose", TaskType.Text, [], [split]);
        var model = await ModelFolders.StoreAsync(Folder, StudyBench.Card(), _bench.Artefacts);
        var step = StudyBench.Step(
            "scores",
            StepKinds.Evaluate,
            new EvaluationSpec { Split = "test" },
            new StepInput("models.0", Model: model),
            new StepInput("dataset", Dataset: dataset)
        );

        var output = new EvaluationHandler(_bench.Steps, new ClassifierOpener(), TimeProvider.System).Handle(
            _bench.Work(step)
        );
        var scores = Assert.Single(_bench.Scores(output));

        using var reader = LanguageReader.Open(Folder);
        var foretold = reader.Read([.. Texts.Select(text => new ModelText(text))]);
        var tokens = foretold.Sum(text => text.Tokens);
        var perplexity = scores.Metrics["perplexity"];
        Assert.Equal(Math.Exp(foretold.Sum(text => text.Loss) / tokens), perplexity.Value, 1e-6 * perplexity.Value);
        Assert.True(perplexity.Low <= perplexity.Value && perplexity.Value <= perplexity.High);
        Assert.Equal(foretold.Sum(text => text.Right) / (double)tokens, scores.Metrics["tokenAccuracy"].Value, 1e-12);
        Assert.Equal(3, scores.N);
        Assert.StartsWith("""{"id":"test-0","loss":""", _bench.Text(output.Files!["predictions-0.jsonl"]));
    }
}
