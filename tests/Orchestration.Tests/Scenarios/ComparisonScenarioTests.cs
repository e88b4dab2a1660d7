using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_the_studies_of_many_models_are_unrolled
{
    [Theory]
    [InlineData("few-shot-glue", "dataset=sst2")]
    [InlineData("few-shot-published", "splits=sst2", "test=sst2")]
    public void Each_method_chooses_among_the_same_nine_settings_for_each_model_and_seed(
        string name,
        params string[] given
    )
    {
        var steps = Load(name, given);

        Assert.Equal(3 * 5 * 5 * 9, steps.Count(step => step.Kind == StepKinds.FineTune));
        var selections = steps.Where(step => step.Kind == StepKinds.Select).ToArray();
        Assert.Equal(3 * 5 * 5, selections.Length);
        foreach (var selection in selections)
        {
            var grid = selection.Inputs.SkipLast(1).Select(input => input.From!).ToArray();
            Assert.Equal(
                from batch in new[] { "2", "4", "8" }
                from rate in new[] { "1e-5", "2e-5", "5e-5" }
                select (batch, rate, selection.Cell["model"], selection.Cell["seed"]),
                grid.Select(step =>
                    (step.Cell["batch"], step.Cell["learningRate"], step.Cell["model"], step.Cell["seed"])
                )
            );
            Assert.All(
                grid.Select(step => (FineTuningSpec)step.Spec),
                spec =>
                    Assert.Equal((1000, 0.0, 0.0, "dev"), (spec.Updates, spec.WarmUp, spec.WeightDecay, spec.SelectOn))
            );
        }
        Assert.Equal(25, steps.Count(step => step.Kind == StepKinds.Evaluate));
        Assert.All(
            steps.Where(step => step.Name == "demonstrations-grid"),
            step => Assert.Equal(16, ((FineTuningSpec)step.Spec).Demonstrations)
        );
    }

    [Theory]
    [InlineData("few-shot-glue", "cola", 2)]
    [InlineData("few-shot-glue", "mrpc", 2)]
    [InlineData("few-shot-glue", "rte", 2)]
    [InlineData("few-shot-published", "sst5", 5)]
    [InlineData("few-shot-published", "trec", 6)]
    [InlineData("few-shot-published", "agnews", 4)]
    public void Each_task_has_its_template_and_words(string name, string preset, int words)
    {
        string[] given = name == "few-shot-glue" ? ["dataset=d"] : ["splits=d", "test=d"];
        var spec = (FineTuningSpec)
            Load(name, [.. given, $"preset={preset}"]).First(step => step.Name == "prompt-grid").Spec;
        Assert.Equal(words, spec.LabelWords!.Count);
        Assert.DoesNotContain("It was", preset == "sst5" ? "" : spec.Template);
    }

    [Fact]
    public void Classical_models_have_as_many_settings_and_are_scored_once()
    {
        var steps = Load("sentiment", "dataset=sst2");

        Assert.All(
            steps.Where(step => step.Kind == StepKinds.Select),
            step => Assert.Equal(6, step.Inputs.Count(input => input.Kind == InputKind.Model))
        );
        Assert.Equal(4 * 3, steps.Count(step => step.Name == "scores"));
        Assert.Equal(3, steps.Count(step => step.Name == "classical-scores"));
        Assert.All(
            steps.Where(step => step.Kind == StepKinds.Evaluate),
            step => Assert.Equal("rows", step.Inputs[^1].From!.Name)
        );
    }

    [Theory]
    [InlineData("noisy-labels", "corrupt", 5 * 5)]
    [InlineData("imbalance", "corrupt", 3 * 5)]
    [InlineData("regularisation", "fine-tune", 9 * 5)]
    [InlineData("noisy-labels", "corrupt", 2 * 2, "preset=quick")]
    [InlineData("imbalance", "corrupt", 2, "preset=quick")]
    [InlineData("regularisation", "fine-tune", 9 * 2, "preset=quick")]
    [InlineData("chosen-strategy", "select", 3 * 5, "choosing=c")]
    [InlineData("chosen-strategy", "select", 2, "choosing=c", "preset=quick")]
    public void Studies_of_noise_imbalance_gaps_and_choices_load(
        string name,
        string uses,
        int steps,
        params string[] given
    ) => Assert.Equal(steps, Load(name, ["dataset=d", "model=m", .. given]).Count(step => step.Kind.Uses == uses));

    private static IReadOnlyList<UnrolledStep> Load(string name, params string[] given)
    {
        var file = name + ".yaml";
        var text = File.ReadAllText(Path.Combine(GoldenFolders.RepositoryRoot, "scenarios", file));
        return ScenarioLoader.Load(text, file, given).Steps;
    }
}
