using System.Text.Json.Nodes;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.TestKit;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Tests.Inference;

/// <summary>
/// A BERT encoder in the layout of a DistilBERT, with the very same outputs: without pooler, and with the embedding of
/// token type 0 added to every position.
/// </summary>
internal static class RelaidDistilBert
{
    private static readonly (string Bert, string DistilBert)[] Names =
    [
        ("encoder.layer.", "transformer.layer."),
        ("attention.self.query", "attention.q_lin"),
        ("attention.self.key", "attention.k_lin"),
        ("attention.self.value", "attention.v_lin"),
        ("attention.output.dense", "attention.out_lin"),
        ("attention.output.LayerNorm", "sa_layer_norm"),
        ("intermediate.dense", "ffn.lin1"),
        (".output.dense", ".ffn.lin2"),
        (".output.LayerNorm", ".output_layer_norm"),
    ];

    /// <summary>Writes the model of <paramref name="bert"/> into <paramref name="folder"/>.</summary>
    public static void Write(string bert, TemporaryFolder folder)
    {
        using var scope = NewDisposeScope();
        var tensors = SafetensorsFile
            .Open(Path.Combine(bert, "model.safetensors"))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Read().to(ScalarType.Float32));
        tensors["embeddings.position_embeddings.weight"] = tensors["embeddings.position_embeddings.weight"]
            .add(tensors["embeddings.token_type_embeddings.weight"][0]);
        SafetensorsFile.Write(
            folder["model.safetensors"],
            tensors
                .Where(tensor => !tensor.Key.StartsWith("pooler.", StringComparison.Ordinal))
                .Where(tensor => tensor.Key != "embeddings.token_type_embeddings.weight")
                .Select(tensor => ("distilbert." + Renamed(tensor.Key), tensor.Value))
        );
        foreach (var file in new[] { "vocab.txt", "tokenizer_config.json" })
            File.Copy(Path.Combine(bert, file), folder[file]);
        folder.Write("config.json", Config(JsonNode.Parse(File.ReadAllText(Path.Combine(bert, "config.json")))!));
    }

    private static string Renamed(string name) =>
        Names.Aggregate(name, (left, pair) => left.Replace(pair.Bert, pair.DistilBert, StringComparison.Ordinal));

    private static string Config(JsonNode bert) =>
        new JsonObject
        {
            ["model_type"] = "distilbert",
            ["vocab_size"] = bert["vocab_size"]!.DeepClone(),
            ["dim"] = bert["hidden_size"]!.DeepClone(),
            ["n_layers"] = bert["num_hidden_layers"]!.DeepClone(),
            ["n_heads"] = bert["num_attention_heads"]!.DeepClone(),
            ["hidden_dim"] = bert["intermediate_size"]!.DeepClone(),
            ["max_position_embeddings"] = bert["max_position_embeddings"]!.DeepClone(),
        }.ToJsonString();
}
