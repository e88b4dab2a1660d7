using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Orchestration.Scenarios;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_a_prompt_is_written_into_a_scenario
{
    private const string Right = """
        name: prompts
        inputs: { words: "0=terrible, 1=great", good: great }
        steps:
          tuned: { uses: fine-tune, with: { model: m, dataset: d, strategy: prompt, template: "{text} It was {mask}.", labelWords: { 0: terrible, 1: "${inputs.good}" } } }
        """;

    [Theory]
    [InlineData("{ 0: terrible, 1: \"${inputs.good}\" }")]
    [InlineData("\"${inputs.words}\"")]
    [InlineData("'0=terrible,1=great'")]
    public void Words_by_label_are_a_block_of_keys_or_one_text(string words)
    {
        var spec = (FineTuningSpec)
            ScenarioLoader
                .Load(Right.Replace("{ 0: terrible, 1: \"${inputs.good}\" }", words), "prompts.yaml", [])
                .Steps.Single()
                .Spec;
        Assert.Equal("{text} It was {mask}.", spec.Template);
        Assert.Equal("terrible", spec.LabelWords!["0"]);
        Assert.Equal("great", spec.LabelWords["1"]);
    }

    [Theory]
    [InlineData("{text} It", "It", "4:77: steps.tuned.with: 'template' has no {text}; expected it")]
    [InlineData(
        "was {mask}",
        "was",
        "steps.tuned.with: 'template' has no {mask}; expected it where the label's word stands"
    )]
    [InlineData(
        "{ 0: terrible, 1: \"${inputs.good}\" }",
        "great",
        "steps.tuned.with.labelWords: 'great' is of the wrong type; expected words by name"
    )]
    [InlineData(
        "{ 0: terrible, 1: \"${inputs.good}\" }",
        "'0=a,0=b'",
        "steps.tuned.with.labelWords: '0=a,0=b' is of the wrong type"
    )]
    [InlineData(
        "{ 0: terrible, 1: \"${inputs.good}\" }",
        "{ 0: [a] }",
        "steps.tuned.with.labelWords: a block of keys is of the wrong type"
    )]
    [InlineData(
        ", labelWords: { 0: terrible, 1: \"${inputs.good}\" }",
        "",
        "4:3: steps.tuned.with: 'labelWords' is missing, which strategy prompt needs"
    )]
    public void The_message_names_the_place_and_what_was_expected(string written, string wrong, string message)
    {
        Assert.Contains(written, Right, StringComparison.Ordinal);
        var problem = Assert.Throws<BadInputException>(() =>
            ScenarioLoader.Load(Right.Replace(written, wrong, StringComparison.Ordinal), "prompts.yaml", [])
        );
        Assert.Contains(problem.Problems, found => found.Contains(message, StringComparison.Ordinal));
    }
}
