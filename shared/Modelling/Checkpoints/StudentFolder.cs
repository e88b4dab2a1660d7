using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Checkpoints;

/// <summary>
/// A student made of its teacher's own layers, as DistilBERT was (Sanh et al. 2019, section 3): the embeddings, and blocks
/// taken at equal distances from the first to the last.
/// </summary>
public static partial class StudentFolder
{
    /// <summary>What BERT's tensors are called in a DistilBERT.</summary>
    private static readonly (string Bert, string DistilBert)[] Renamings =
    [
        ("bert.", "distilbert."),
        ("encoder.layer.", "transformer.layer."),
        ("attention.self.query", "attention.q_lin"),
        ("attention.self.key", "attention.k_lin"),
        ("attention.self.value", "attention.v_lin"),
        ("attention.output.dense", "attention.out_lin"),
        ("attention.output.LayerNorm", "sa_layer_norm"),
        ("intermediate.dense", "ffn.lin1"),
        (".output.dense", ".ffn.lin2"),
        (".output.LayerNorm", ".output_layer_norm"),
        ("cls.predictions.transform.dense", "vocab_transform"),
        ("cls.predictions.transform.LayerNorm", "vocab_layer_norm"),
        ("cls.predictions.bias", "vocab_projector.bias"),
    ];

    private const string TypesOfBert = "bert.embeddings.token_type_embeddings.weight";
    private const string PositionsOfBert = "bert.embeddings.position_embeddings.weight";
    private static readonly string[] KeptOfBert = ["bert.embeddings.", "bert.encoder.", "cls.predictions."];

    private static readonly Dictionary<string, string> Depths = new()
    {
        ["bert"] = "num_hidden_layers",
        ["roberta"] = "num_hidden_layers",
        ["distilbert"] = "n_layers",
        ["gpt2"] = "n_layer",
    };

    /// <summary>
    /// Writes the student of a folder in Hugging Face layout into another, without tokenizer files. Of a BERT it is a
    /// DistilBERT; any other architecture stays what it is.
    /// </summary>
    /// <param name="blocks">How many the student has; null: half of its teacher's, rounded up.</param>
    /// <exception cref="BadInputException">The teacher has fewer blocks, or is no transformer.</exception>
    public static void Write(string teacher, int? blocks, string folder)
    {
        var config = ConfigFile.Open(teacher);
        var type = config.Choice("model_type", Depths.Keys);
        config.ThrowIfBad();
        var depth = config.Int(Depths[type], 1);
        config.ThrowIfBad();
        var kept = blocks ?? (depth + 1) / 2;
        if (kept < 1 || kept > depth)
            throw new BadInputException(
                $"{teacher}: has {depth} blocks; expected a student of 1 to {depth}, not {kept}."
            );

        using var scope = NewDisposeScope();
        var stored = Checkpoint.Open(teacher).Tensors;
        if (type == "bert")
            stored = WeightLoading.WithPrefix(stored, "bert.");
        var tensors = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in stored)
            if (Kept(name, depth, kept) is { } place)
                tensors[place] = tensor.Read().to(ScalarType.Float32);
        if (type == "bert")
            (config, tensors) = (DistilBert(config, kept), Relaid(tensors));
        else
            config.Set(Depths[type], kept);
        config.Write(folder);
        SafetensorsFile.Write(
            Path.Combine(folder, Checkpoint.FileName),
            tensors.Select(entry => (entry.Key, entry.Value))
        );
    }

    /// <summary>The teacher's blocks that a student keeps: 0, 2, 4, 7, 9 and 11 of 12.</summary>
    internal static IReadOnlyList<int> KeptBlocks(int depth, int kept) =>
        [
            .. Enumerable
                .Range(0, kept)
                .Select(block => kept == 1 ? 0 : (int)Math.Round(block * (depth - 1.0) / (kept - 1))),
        ];

    /// <summary>A tensor's name in the student; null where its block is left out.</summary>
    private static string? Kept(string name, int depth, int kept)
    {
        var match = Block().Match(name);
        if (!match.Success)
            return name;
        var number = match.Groups["block"];
        var block = KeptBlocks(depth, kept).ToList().IndexOf(int.Parse(number.ValueSpan, CultureInfo.InvariantCulture));
        return block < 0 ? null : name[..number.Index] + block + name[(number.Index + number.Length)..];
    }

    private static ConfigFile DistilBert(ConfigFile bert, int blocks)
    {
        var config = new ConfigFile();
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("model_type", "distilbert"),
                ("vocab_size", bert.Int("vocab_size", 1)),
                ("dim", bert.Int("hidden_size", 1)),
                ("n_layers", blocks),
                ("n_heads", bert.Int("num_attention_heads", 1)),
                ("hidden_dim", bert.Int("intermediate_size", 1)),
                ("max_position_embeddings", bert.Int("max_position_embeddings", 1)),
                ("activation", bert.Text("hidden_act") ?? "gelu"),
                ("dropout", bert.Number("hidden_dropout_prob", 0, 1, 0.1)),
                ("attention_dropout", bert.Number("attention_probs_dropout_prob", 0, 1, 0.1)),
                ("initializer_range", bert.Number("initializer_range", 0, 10, 0.02)),
                ("pad_token_id", bert.Int("pad_token_id", 0, 0)),
            }
        )
            config.Set(key, value);
        bert.ThrowIfBad();
        return config;
    }

    /// <summary>
    /// Without pooler and other heads, and with the embedding of token type 0, which all texts that stand alone have,
    /// added to every position.
    /// </summary>
    private static SortedDictionary<string, Tensor> Relaid(SortedDictionary<string, Tensor> bert)
    {
        if (bert.Remove(TypesOfBert, out var types) && bert.TryGetValue(PositionsOfBert, out var positions))
            bert[PositionsOfBert] = positions.add(types[0], Scalars.One);

        var student = new SortedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in bert.Where(entry => IsKept(entry.Key)))
            student[Renamed(name)] = tensor;
        return student;
    }

    private static bool IsKept(string name) =>
        KeptOfBert.Any(start => name.StartsWith(start, StringComparison.Ordinal))
        && !name.StartsWith("cls.predictions.decoder", StringComparison.Ordinal); // tied

    private static string Renamed(string name)
    {
        // Names of the decoder would meet the renamings of the encoder.
        var pairs = name.StartsWith("cls.", StringComparison.Ordinal) ? Renamings[^3..] : Renamings[..^3];
        return pairs.Aggregate(
            name,
            (left, pair) => left.Replace(pair.Bert, pair.DistilBert, StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"(^|\.)(layer|h)\.(?<block>\d+)\.")]
    private static partial Regex Block();
}
