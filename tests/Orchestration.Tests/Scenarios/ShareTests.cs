using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_share_is_none
{
    [Theory]
    [InlineData("corrupt", "noise: symmetric", "rate", "1.5")]
    [InlineData("corrupt", "noise: symmetric", "rate", "-0.1")]
    [InlineData("rewrite", "method: swap", "rate", "1.01")]
    [InlineData("synthesize", "method: k-means-labels", "purity", "80")]
    [InlineData("synthesize", "method: k-means-labels", "confidence", "-1")]
    [InlineData("synthesize", "method: label-spreading", "alpha", "1.2")]
    [InlineData("synthesize", "method: k-means-mask-fill, model: minilm", "maskRate", "2")]
    [InlineData("label", "functions: functions.yaml", "minProbability", "1.1")]
    [InlineData("assess", "", "leastPrecision", "70")]
    [InlineData("fine-tune", "model: minilm, strategy: self-training", "threshold", "75")]
    [InlineData("fine-tune", "model: minilm, strategy: consistency", "strongRate", "1.3")]
    [InlineData("fine-tune", "model: minilm, strategy: consistency", "weakRate", "-0.3")]
    [InlineData("fine-tune", "model: minilm, strategy: consistency", "temperature", "3")]
    public void It_is_refused_with_its_place_before_anything_runs(string uses, string with, string key, string value)
    {
        var study = $$"""
            name: study
            steps:
              few: { uses: sample, with: { dataset: reviews, perClass: 8 } }
              step:
                uses: {{uses}}
                with: { dataset: "${steps.few}", {{(with == "" ? "" : with + ", ")}}{{key}}: {{value}} }
            """;

        var fault = Assert.Throws<BadInputException>(() => ScenarioLoader.Load(study, "study.yaml", []));

        Assert.StartsWith("study.yaml:6:", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"steps.step.with.{key}: '{value}' does not fit; expected a number from", fault.Message);
    }
}
