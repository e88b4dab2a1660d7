using System.Text.Json;
using TransferPipeline.Contracts;
using TransferPipeline.Orchestration.Scenarios;
using TransferPipeline.TestKit;

namespace TransferPipeline.Orchestration.Tests.Scenarios;

public sealed class When_an_editor_asks_for_the_schema
{
    private static readonly string Committed = Path.Combine(
        GoldenFolders.RepositoryRoot,
        "docs",
        "scenario.schema.json"
    );

    /// <summary><c>TRANSFER_WRITE_SCHEMA=1</c> writes the file anew.</summary>
    [Fact]
    public void It_is_the_one_that_the_kinds_of_step_give()
    {
        var generated = ScenarioSchema.Create().ToJsonString(WireFormat.Readable) + "\n";
        if (Environment.GetEnvironmentVariable("TRANSFER_WRITE_SCHEMA") == "1")
            File.WriteAllText(Committed, generated);
        Assert.Equal(generated, File.ReadAllText(Committed));
    }

    [Fact]
    public void Every_parameter_has_a_description_and_shows_its_default()
    {
        var definitions = ScenarioSchema.Create()["definitions"]!.AsObject();
        Assert.Equal(
            [
                "sample",
                "corrupt",
                "clean-labels",
                "synthesize",
                "label",
                "rewrite",
                "pretrain",
                "distil",
                "fine-tune",
                "baseline",
                "select",
                "attack",
                "evaluate",
                "assess",
            ],
            definitions.Select(kind => kind.Key)
        );
        foreach (var (_, kind) in definitions)
            Assert.All(
                kind!["properties"]!.AsObject(),
                parameter =>
                    Assert.False(
                        string.IsNullOrEmpty(parameter.Value!["description"]?.GetValue<string>()),
                        parameter.Key
                    )
            );
        var updates = definitions["pretrain"]!["properties"]!["updates"]!;
        Assert.Equal(1000, updates["default"]!.GetValue<int>());
        Assert.Equal("""{"type":"integer","minimum":1}""", updates["anyOf"]![0]!.ToJsonString());
    }

    [Fact]
    public void It_knows_the_keys_that_the_loader_knows()
    {
        var schema = ScenarioSchema.Create();
        Assert.Equal(ScenarioLoader.TopKeys.Order(), schema["properties"]!.AsObject().Select(key => key.Key).Order());
        foreach (var kind in StepReader.Kinds)
            Assert.Equal(
                kind.Given.Select(input => input.Name)
                    .Union(SpecParameter.Of(kind.Spec).Select(parameter => parameter.Name))
                    .Order(),
                schema["definitions"]![kind.Uses]!["properties"]!.AsObject().Select(key => key.Key).Order()
            );
    }
}
