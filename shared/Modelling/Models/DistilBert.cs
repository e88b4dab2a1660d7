using System.Text.Json.Nodes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using TransferPipeline.Modelling.Checkpoints;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using TransferPipeline.Modelling.Tokenization;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Dropout = TransferPipeline.Modelling.Layers.Dropout;
using Embedding = TransferPipeline.Modelling.Layers.Embedding;
using LayerNorm = TransferPipeline.Modelling.Layers.LayerNorm;

namespace TransferPipeline.Modelling.Models;

/// <summary>The shape of a DistilBERT encoder; the defaults are those of distilbert-base-uncased.</summary>
public sealed record DistilBertConfig
{
    /// <summary>Of every norm; no key of the configuration says it.</summary>
    public const double LayerNormEpsilon = 1e-12;

    public int VocabularySize { get; init; } = 30522;
    public int Width { get; init; } = 768;
    public int Blocks { get; init; } = 6;
    public int Heads { get; init; } = 12;
    public int FeedForwardWidth { get; init; } = 3072;
    public int MaxTokens { get; init; } = 512;
    public int PadId { get; init; }
    public string Activation { get; init; } = "gelu";
    public double Dropout { get; init; } = 0.1;
    public double AttentionDropout { get; init; } = 0.1;
    public double ClassifierDropout { get; init; } = 0.2;
    public double AnswerDropout { get; init; } = 0.1;
    public double InitializerRange { get; init; } = 0.02;

    internal static DistilBertConfig Read(ConfigFile file)
    {
        file.Only("sinusoidal_pos_embds", false);
        file.Only("tie_word_embeddings", true);
        var config = new DistilBertConfig
        {
            VocabularySize = file.Int("vocab_size", 1),
            Width = file.Int("dim", 1),
            Blocks = file.Int("n_layers", 1),
            Heads = file.Int("n_heads", 1),
            FeedForwardWidth = file.Int("hidden_dim", 1),
            MaxTokens = file.Int("max_position_embeddings", 1),
            PadId = file.Int("pad_token_id", 0, 0),
            Activation = file.Choice("activation", ActivationFunctions.ByName.Keys, "gelu"),
            Dropout = file.Number("dropout", 0, 0.99, 0.1),
            AttentionDropout = file.Number("attention_dropout", 0, 0.99, 0.1),
            ClassifierDropout = file.Number("seq_classif_dropout", 0, 0.99, 0.2),
            AnswerDropout = file.Number("qa_dropout", 0, 0.99, 0.1),
            InitializerRange = file.Number("initializer_range", 0, 10, 0.02),
        };
        file.ThrowIfBad();
        if (config.Width % config.Heads != 0)
            file.Refuse("n_heads", $"a divisor of dim {config.Width}");
        if (config.PadId >= config.VocabularySize)
            file.Refuse("pad_token_id", $"an id below vocab_size {config.VocabularySize}");
        file.ThrowIfBad();
        return config;
    }

    internal void Write(ConfigFile file)
    {
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("model_type", "distilbert"),
                ("vocab_size", VocabularySize),
                ("dim", Width),
                ("n_layers", Blocks),
                ("n_heads", Heads),
                ("hidden_dim", FeedForwardWidth),
                ("max_position_embeddings", MaxTokens),
                ("pad_token_id", PadId),
                ("activation", Activation),
                ("dropout", Dropout),
                ("attention_dropout", AttentionDropout),
                ("seq_classif_dropout", ClassifierDropout),
                ("qa_dropout", AnswerDropout),
                ("initializer_range", InitializerRange),
            }
        )
            file.Set(key, value);
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("bos_token_id", null),
                ("eos_token_id", null),
                ("sinusoidal_pos_embds", false),
                ("tie_word_embeddings", true),
            }
        )
            file.Add(key, value);
    }
}

/// <summary>Word + position, normalised; the two texts of a pair are not told apart.</summary>
internal sealed class DistilBertEmbeddings : Module<TokenBatch, Tensor>
{
    [ComponentName(Name = "words")]
    private readonly Embedding _words;

    [ComponentName(Name = "positions")]
    private readonly Embedding _positions;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    public DistilBertEmbeddings(DistilBertConfig config, DropoutMasks? masks)
        : base(nameof(DistilBertEmbeddings))
    {
        _words = new(config.VocabularySize, config.Width, config.PadId);
        _positions = new(config.MaxTokens, config.Width);
        _norm = new(config.Width, DistilBertConfig.LayerNormEpsilon);
        _dropout = new(config.Dropout, masks);
        RegisterComponents();
    }

    public Tensor Words => _words.Weight;

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();

        var positions = _positions.Weight.narrow(0, 0, batch.Length); // (T, D)
        var summed = batch.Moved(_words.call(batch.Ids)).add_(positions, Scalars.One);
        return _dropout.call(_norm.call(summed)).MoveToOuterDisposeScope();
    }
}

/// <summary>DistilBERT (Sanh et al. 2019): BERT's blocks, half as many, without token types and pooler.</summary>
public sealed class DistilBert : Encoder
{
    private readonly DistilBertConfig _config;
    private readonly HeadConfig _head;

    [ComponentName(Name = "embeddings")]
    private readonly DistilBertEmbeddings _embeddings;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<PostNormBlock> _blocks;

    internal DistilBert(DistilBertConfig config, ModelSettings settings)
        : base(nameof(DistilBert))
    {
        _config = config;
        config = config with
        {
            Dropout = settings.Dropout ?? config.Dropout,
            AttentionDropout = settings.AttentionDropout ?? settings.Dropout ?? config.AttentionDropout,
            ClassifierDropout = settings.ClassifierDropout ?? settings.Dropout ?? config.ClassifierDropout,
            AnswerDropout = settings.ClassifierDropout ?? settings.Dropout ?? config.AnswerDropout,
        };
        _head = new()
        {
            Classifier = new(
                config.ClassifierDropout,
                Output: "classifier",
                Pooler: "pre_classifier",
                Activation: pooled => pooled.relu()
            ),
            MaskedDecoder = new(
                Group: "vocab_",
                Transform: "vocab_transform",
                Norm: "vocab_layer_norm",
                Bias: "vocab_projector",
                ActivationFunctions.ByName[config.Activation],
                DistilBertConfig.LayerNormEpsilon
            ),
            TokenDropout = settings.ClassifierDropout ?? config.Dropout,
            AnswerDropout = config.AnswerDropout,
            InitializerRange = config.InitializerRange,
            PadId = config.PadId,
            PaddedEmbeddings = ["distilbert.embeddings.word_embeddings.weight"],
        };
        _embeddings = new(config, settings.Masks);
        var shape = new BlockShape(
            config.Width,
            config.Heads,
            config.FeedForwardWidth,
            config.Activation,
            DistilBertConfig.LayerNormEpsilon,
            ScoreDropout: config.AttentionDropout,
            AttendedDropout: 0, // where BERT has one
            WidenedDropout: config.Dropout
        );
        _blocks = new([.. Enumerable.Range(0, config.Blocks).Select(_ => new PostNormBlock(shape, settings.Masks))]);
        RegisterComponents();
    }

    public override int Width => _config.Width;
    public override int MaxTokens => _config.MaxTokens;
    public override int VocabularySize => _config.VocabularySize;
    internal override Tensor Words => _embeddings.Words;
    internal override HeadConfig Head => _head;

    internal override string Family => "DistilBert";
    internal override string Prefix => "distilbert.";

    internal override WeightNames Names { get; } =
        new(
            ("embeddings.words", "embeddings.word_embeddings"),
            ("embeddings.positions", "embeddings.position_embeddings"),
            ("embeddings.norm", "embeddings.LayerNorm"),
            ("blocks.*.attention.query", "transformer.layer.*.attention.q_lin"),
            ("blocks.*.attention.key", "transformer.layer.*.attention.k_lin"),
            ("blocks.*.attention.value", "transformer.layer.*.attention.v_lin"),
            ("blocks.*.attention.output", "transformer.layer.*.attention.out_lin"),
            ("blocks.*.attention_norm", "transformer.layer.*.sa_layer_norm"),
            ("blocks.*.feed_forward.wide", "transformer.layer.*.ffn.lin1"),
            ("blocks.*.feed_forward.narrow", "transformer.layer.*.ffn.lin2"),
            ("blocks.*.feed_forward_norm", "transformer.layer.*.output_layer_norm")
        );

    internal override void Write(ConfigFile file) => _config.Write(file);

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();

        var mask = AttentionMasks.Padding(batch, Words);
        var hidden = _embeddings.call(batch);
        foreach (var block in _blocks)
            hidden = block.call(hidden, mask);
        return hidden.MoveToOuterDisposeScope();
    }

    public override IReadOnlyList<Tensor> HiddenStates(TokenBatch batch)
    {
        var mask = AttentionMasks.Padding(batch, Words);
        var states = new List<Tensor> { _embeddings.call(batch) };
        foreach (var block in _blocks)
            states.Add(block.call(states[^1], mask));
        return states;
    }
}
