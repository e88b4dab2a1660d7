using System.Text.Json.Nodes;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_model_is_saved
{
    public static TheoryData<string> Classification => Golden.Heads("sequence-classification");
    public static TheoryData<string> Regression => Golden.Heads("regression");
    public static TheoryData<string> MaskedLanguage => Golden.Heads("masked-lm");
    public static TheoryData<string> Pretraining => Golden.Heads("pretraining");
    public static TheoryData<string> CausalLanguage => Golden.Heads("causal-lm");
    public static TheoryData<string> Tokens => Golden.Heads("token-classification");
    public static TheoryData<string> Answers => Golden.Heads("question-answering");

    [Theory]
    [MemberData(nameof(Classification))]
    [MemberData(nameof(Regression))]
    public void A_classifier_has_the_names_shapes_bytes_and_configuration_that_Transformers_gave_it(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = SequenceClassification.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    [Theory]
    [MemberData(nameof(MaskedLanguage))]
    public void So_has_a_masked_language_model(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = MaskedLanguageModel.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    [Theory]
    [MemberData(nameof(Pretraining))]
    public void So_has_a_model_that_learns_masked_tokens_and_what_follows(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = MaskedAndNextModel.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    [Theory]
    [MemberData(nameof(CausalLanguage))]
    public void So_has_a_causal_language_model(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = CausalLanguageModel.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void So_has_a_classifier_of_tokens(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = TokenClassification.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void So_has_question_answering(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = QuestionAnswering.Open(golden, ModelSettings.Evaluation);

        model.Save(folder.Path);

        EqualFolders(golden, folder);
    }

    /// <summary>Transformers gives regression no other names than classification, and one row of the output layer.</summary>
    [Theory]
    [MemberData(nameof(Classification))]
    public void As_regression_it_has_the_names_shapes_and_keys_of_a_classifier_of_one_label(string golden)
    {
        using var folder = new TemporaryFolder();
        using var model = SequenceClassification.Open(golden, new() { Seed = 1 }, new(["LABEL_0"], Regression: true));

        model.Save(folder.Path);

        var output = model.Encoder.Head.Classifier.Output + ".";
        Assert.Equal(Shapes(golden, output), Shapes(folder.Path));
        var (expected, config) = (Config(golden), Config(folder.Path));
        Assert.Equal(expected.Select(entry => entry.Key).Order(), config.Select(entry => entry.Key).Order());
        Assert.Equal("regression", (string?)config["problem_type"]);
        Assert.Equal("""{"0":"LABEL_0"}""", config["id2label"]!.ToJsonString());
        Assert.Equal("""{"LABEL_0":0}""", config["label2id"]!.ToJsonString());
    }

    private static JsonObject Config(string folder) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!;

    /// <summary>Of each tensor; those that start with <paramref name="output"/> with a first dimension of 1.</summary>
    private static string[] Shapes(string folder, string? output = null) =>
        [
            .. SafetensorsFile
                .Open(Path.Combine(folder, "model.safetensors"))
                .Select(tensor =>
                    output is not null && tensor.Name.StartsWith(output, StringComparison.Ordinal)
                        ? $"{tensor.Name} {string.Join(' ', tensor.Shape.Skip(1).Prepend(1))}"
                        : $"{tensor.Name} {string.Join(' ', tensor.Shape)}"
                )
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Classification))]
    public void It_keeps_labels_task_and_pooling(string golden)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var task = new ClassifierTask(["no", "yes"], Pooling: Pooling.Mean);
        using var model = SequenceClassification.Open(golden, new() { Seed = 1 }, task);
        var classifier = model.Encoder.Head.Classifier.Output + ".";
        Assert.Contains(classifier + "weight", model.NewWeights);
        Assert.All(model.NewWeights, name => Assert.StartsWith(classifier, name));

        model.Save(folder.Path);
        using var again = SequenceClassification.Open(folder.Path, ModelSettings.Evaluation);

        Assert.Empty(again.NewWeights);
        Assert.Equal(task.Labels, again.Task.Labels);
        Assert.Equal(Pooling.Mean, again.Task.Pooling);
        var batch = new Golden(golden).Batch(0);
        Assert.Equal(0, Golden.Distance(model.call(batch), again.call(batch)));
    }

    [Theory]
    [MemberData(nameof(MaskedLanguage))]
    public void A_masked_language_model_becomes_a_classifier_with_new_pooler_and_classifier(string golden)
    {
        using var model = SequenceClassification.Open(golden, new(), new(["a", "b"]));

        var layout = model.Encoder.Head.Classifier;
        Assert.Equal(
            new[] { layout.Pooler, layout.Output }
                .SelectMany(layer => new[] { $"{layer}.bias", $"{layer}.weight" })
                .Order(),
            model.NewWeights.Order()
        );
    }

    private static void EqualFolders(string golden, TemporaryFolder folder)
    {
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(golden, "model.safetensors")),
            File.ReadAllBytes(folder["model.safetensors"])
        );
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(File.ReadAllText(Path.Combine(golden, "config.json"))),
                JsonNode.Parse(File.ReadAllText(folder["config.json"]))
            ),
            File.ReadAllText(folder["config.json"])
        );
    }
}
