using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Models;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Checkpoints;

public sealed class When_a_checkpoint_is_wrong
{
    private static readonly string Plain = GoldenFolders.Of("bert-sequence-classification")[0];

    public static TheoryData<string, string, string> Refused()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var forms in GoldenFolders.Of("checkpoint-forms"))
        {
            rows.Add(forms, "header-too-long", "model.safetensors: a header of 4611686018427387904 bytes");
            rows.Add(forms, "overlapping", "its bytes overlap");
            rows.Add(forms, "not-json", "no valid JSON");
            rows.Add(
                forms,
                "size-mismatch",
                "bert.embeddings.LayerNorm.bias: 8 bytes, but shape [32] of F32 takes 128"
            );
            rows.Add(forms, "negative-shape", "bert.embeddings.LayerNorm.bias: negative size in shape [-1, -32]");
            rows.Add(forms, "missing-tensor", "bert.encoder.layer.1.output.dense.weight [32, 64] is missing");
            rows.Add(forms, "truncated", "is it truncated?");
            rows.Add(forms, "unknown-activation", "config.json: hidden_act is \"swish2\"; expected one of gelu");
            rows.Add(forms, "unknown-architecture", "config.json: model_type is \"mamba\"; expected one of bert");
            rows.Add(forms, "bin-executes", "pytorch_model.bin: byte 6571 of a pickle: io.open is refused");
            rows.Add(
                forms,
                "wrong-shape",
                "bert.encoder.layer.2.attention.self.query.weight is [32, 31]; expected [32, 32]"
            );
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void It_is_refused_and_the_message_says_why(string forms, string form, string reason)
    {
        var folder = Path.Combine(forms, "refused-" + form);

        var refused = Assert.Throws<BadInputException>(() =>
            SequenceClassification.Open(folder, ModelSettings.Evaluation)
        );

        Assert.Contains(folder, refused.Message);
        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void What_a_pickle_asks_to_be_done_is_not_done()
    {
        const string Created = "executed-by-pickle";
        var folder = Path.Combine(GoldenFolders.Of("checkpoint-forms")[0], "refused-bin-executes");
        Assert.Contains(Created, File.ReadAllText(Path.Combine(folder, "pytorch_model.bin")));

        Assert.Throws<BadInputException>(() => SequenceClassification.Open(folder, ModelSettings.Evaluation));

        Assert.False(File.Exists(Created));
        Assert.False(File.Exists(Path.Combine(folder, Created)));
    }

    [Fact]
    public void Missing_unexpected_and_misshaped_tensors_come_in_one_message()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Plain, "config.json"), folder["config.json"]);
        var tensors = SafetensorsFile
            .Open(Path.Combine(Plain, "model.safetensors"))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Read());
        tensors.Remove("classifier.bias");
        tensors["classifier.weight"] = zeros(2, 32);
        tensors["bert.embeddings.LayerNorm.bias"] = zeros(32, ScalarType.Int32);
        tensors["bert.encoder.layer.3.output.dense.weight"] = zeros(32, 64);
        SafetensorsFile.Write(folder["model.safetensors"], tensors.Select(entry => (entry.Key, entry.Value)));

        var refused = Assert.Throws<BadInputException>(() =>
            SequenceClassification.Open(folder.Path, ModelSettings.Evaluation)
        );

        string[] problems =
        [
            "bert.embeddings.LayerNorm.bias is of type Int32; expected floating-point numbers.",
            "bert.encoder.layer.3.output.dense.weight [32, 64] is unexpected.",
            "classifier.bias [3] is missing.",
            "classifier.weight is [2, 32]; expected [3, 32].",
        ];
        Assert.Equal(
            problems.Select(problem => $"{folder["model.safetensors"]}: {problem}"),
            refused.Problems.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("{", "config.json: line 1, column")]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("""{"model_type":"bert"}""", "vocab_size is missing; expected a whole number of at least 1")]
    [InlineData("""{"model_type":"bert","hidden_size":"x"}""", "hidden_size is \"x\"; expected a whole number")]
    [InlineData(
        """{"model_type":"bert","vocab_size":9,"hidden_size":30,"num_hidden_layers":1,"num_attention_heads":4,"intermediate_size":8,"max_position_embeddings":8}""",
        "num_attention_heads is 4; expected a divisor"
    )]
    [InlineData(
        """{"model_type":"bert","position_embedding_type":"relative_key"}""",
        "position_embedding_type is \"relative_key\"; expected one of absolute"
    )]
    [InlineData("""{"model_type":"bert","is_decoder":true}""", "is_decoder is true; expected false")]
    [InlineData("""{"model_type":"roberta","is_decoder":true}""", "is_decoder is true; expected false")]
    [InlineData(
        """{"model_type":"roberta","vocab_size":9,"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":8,"max_position_embeddings":2}""",
        "max_position_embeddings is 2; expected more than pad_token_id 1 + 1"
    )]
    [InlineData("""{"model_type":"distilbert"}""", "n_heads is missing; expected a whole number of at least 1")]
    [InlineData(
        """{"model_type":"distilbert","sinusoidal_pos_embds":true}""",
        "sinusoidal_pos_embds is true; expected false"
    )]
    [InlineData("""{"model_type":"gpt2","scale_attn_weights":false}""", "scale_attn_weights is false; expected true")]
    [InlineData(
        """{"model_type":"gpt2","scale_attn_by_inverse_layer_idx":true}""",
        "scale_attn_by_inverse_layer_idx is true; expected false"
    )]
    [InlineData(
        """{"model_type":"gpt2","reorder_and_upcast_attn":true}""",
        "reorder_and_upcast_attn is true; expected false"
    )]
    [InlineData("""{"model_type":"gpt2","n_inner":0}""", "n_inner is 0; expected a whole number of at least 1")]
    [InlineData(
        """{"model_type":"bert","problem_type":"multi_label_classification"}""",
        "problem_type is \"multi_label"
    )]
    [InlineData("""{"model_type":"bert","id2label":{"0":"a","2":"b"}}""", "id2label is")]
    [InlineData(
        """{"model_type":"bert","id2label":{"0":"a","1":"b"},"label2id":{"a":0}}""",
        "label2id is {\"a\":0}; expected 'b' at 1, as id2label has it"
    )]
    [InlineData(
        """{"model_type":"bert","id2label":{"0":"a","1":"b"},"label2id":{"a":1,"b":0}}""",
        "expected 'a' at 0, as id2label has it"
    )]
    [InlineData(
        """{"model_type":"bert","hidden_dropout_prob":1.5}""",
        "hidden_dropout_prob is 1.5; expected a number from 0"
    )]
    public void A_configuration_that_does_not_fit_is_refused_by_key(string config, string reason)
    {
        using var folder = new TemporaryFolder();
        folder.Write("config.json", config);

        var refused = Assert.Throws<BadInputException>(() =>
            SequenceClassification.Open(folder.Path, ModelSettings.Evaluation)
        );

        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void A_language_model_is_refused_of_an_architecture_that_learns_the_other_kind()
    {
        var masked = Assert.Throws<BadInputException>(() =>
            MaskedLanguageModel.Open(GoldenFolders.Of("gpt2-causal-lm")[0], ModelSettings.Evaluation)
        );
        var causal = Assert.Throws<BadInputException>(() =>
            CausalLanguageModel.Open(GoldenFolders.Of("bert-masked-lm")[0], ModelSettings.Evaluation)
        );

        Assert.Contains("model_type is \"gpt2\"; expected an architecture that learns masked tokens", masked.Message);
        Assert.Contains("model_type is \"bert\"; expected an architecture that learns the next token", causal.Message);
    }

    [Theory]
    [InlineData("weight_map", "../model.safetensors", "is no file name")]
    [InlineData("weight_map", "gone.safetensors", "is missing from the folder")]
    [InlineData("weights", "model-00001-of-00002.safetensors", "expected an object 'weight_map'")]
    public void An_index_that_points_astray_is_refused(string key, string file, string reason)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Plain, "config.json"), folder["config.json"]);
        folder.Write("model.safetensors.index.json", $$"""{ "{{key}}": { "classifier.bias": "{{file}}" } }""");

        var refused = Assert.Throws<BadInputException>(() =>
            SequenceClassification.Open(folder.Path, ModelSettings.Evaluation)
        );

        Assert.Contains("model.safetensors.index.json", refused.Message);
        Assert.Contains(reason, refused.Message);
    }

    [Fact]
    public void A_folder_without_weights_or_configuration_is_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("config.json", Refusal());

        File.Copy(Path.Combine(Plain, "config.json"), folder["config.json"]);
        Assert.Contains("model.safetensors", Refusal());

        string Refusal() =>
            Assert
                .Throws<BadInputException>(() => SequenceClassification.Open(folder.Path, ModelSettings.Evaluation))
                .Message;
    }
}
