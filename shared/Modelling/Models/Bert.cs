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

/// <summary>The shape of a BERT encoder; the defaults are those of bert-base-uncased.</summary>
public sealed record BertConfig
{
    public int VocabularySize { get; init; } = 30522;
    public int Width { get; init; } = 768;
    public int Blocks { get; init; } = 12;
    public int Heads { get; init; } = 12;
    public int FeedForwardWidth { get; init; } = 3072;
    public int MaxTokens { get; init; } = 512;
    public int TokenTypes { get; init; } = 2;
    public int PadId { get; init; }
    public string Activation { get; init; } = "gelu";
    public double HiddenDropout { get; init; } = 0.1;
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Rate before a classifier; null for <see cref="HiddenDropout"/>.</summary>
    public double? ClassifierDropout { get; init; }

    public double InitializerRange { get; init; } = 0.02;
    public double LayerNormEpsilon { get; init; } = 1e-12;

    internal static BertConfig Read(ConfigFile file)
    {
        file.Choice("position_embedding_type", ["absolute"], "absolute");
        file.Only("is_decoder", false);
        file.Only("add_cross_attention", false);
        file.Only("tie_word_embeddings", true);
        var config = new BertConfig
        {
            VocabularySize = file.Int("vocab_size", 1),
            Width = file.Int("hidden_size", 1),
            Blocks = file.Int("num_hidden_layers", 1),
            Heads = file.Int("num_attention_heads", 1),
            FeedForwardWidth = file.Int("intermediate_size", 1),
            MaxTokens = file.Int("max_position_embeddings", 1),
            TokenTypes = file.Int("type_vocab_size", 1, 2),
            PadId = file.Int("pad_token_id", 0, 0),
            Activation = file.Choice("hidden_act", ActivationFunctions.ByName.Keys, "gelu"),
            HiddenDropout = file.Number("hidden_dropout_prob", 0, 0.99, 0.1),
            AttentionDropout = file.Number("attention_probs_dropout_prob", 0, 0.99, 0.1),
            ClassifierDropout = file.NumberOrNull("classifier_dropout", 0, 0.99),
            InitializerRange = file.Number("initializer_range", 0, 10, 0.02),
            LayerNormEpsilon = file.Number("layer_norm_eps", 0, 1, 1e-12),
        };
        file.ThrowIfBad();
        if (config.Width % config.Heads != 0)
            file.Refuse("num_attention_heads", $"a divisor of hidden_size {config.Width}");
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
                ("model_type", "bert"),
                ("vocab_size", VocabularySize),
                ("hidden_size", Width),
                ("num_hidden_layers", Blocks),
                ("num_attention_heads", Heads),
                ("intermediate_size", FeedForwardWidth),
                ("max_position_embeddings", MaxTokens),
                ("type_vocab_size", TokenTypes),
                ("pad_token_id", PadId),
                ("hidden_act", Activation),
                ("hidden_dropout_prob", HiddenDropout),
                ("attention_probs_dropout_prob", AttentionDropout),
                ("classifier_dropout", ClassifierDropout),
                ("initializer_range", InitializerRange),
                ("layer_norm_eps", LayerNormEpsilon),
            }
        )
            file.Set(key, value);
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("add_cross_attention", false),
                ("bos_token_id", null),
                ("eos_token_id", null),
                ("is_decoder", false),
                ("tie_word_embeddings", true),
                ("use_cache", true),
            }
        )
            file.Add(key, value);
    }
}

/// <summary>Word + position + token type, normalised.</summary>
internal sealed class BertEmbeddings : Module<TokenBatch, Tensor>
{
    [ComponentName(Name = "words")]
    private readonly Embedding _words;

    [ComponentName(Name = "positions")]
    private readonly Embedding _positions;

    [ComponentName(Name = "types")]
    private readonly Embedding _types;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    public BertEmbeddings(BertConfig config, DropoutMasks? masks)
        : base(nameof(BertEmbeddings))
    {
        _words = new(config.VocabularySize, config.Width, config.PadId);
        _positions = new(config.MaxTokens, config.Width);
        _types = new(config.TokenTypes, config.Width);
        _norm = new(config.Width, config.LayerNormEpsilon);
        _dropout = new(config.HiddenDropout, masks);
        RegisterComponents();
    }

    public Tensor Words => _words.Weight;

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();

        var positions = _positions.Weight.narrow(0, 0, batch.Length); // (T, D)
        var types = batch.Types is null ? _types.Weight.narrow(0, 0, 1) : _types.call(batch.Types); // (1 | B, T, D)
        var summed = batch.Moved(_words.call(batch.Ids)).add_(positions, Scalars.One).add_(types, Scalars.One);
        return _dropout.call(_norm.call(summed)).MoveToOuterDisposeScope();
    }
}

/// <summary>BERT (Devlin et al. 2019): bidirectional attention, normalised after each half block.</summary>
public sealed class Bert : Encoder
{
    private readonly BertConfig _config;
    private readonly HeadConfig _head;

    [ComponentName(Name = "embeddings")]
    private readonly BertEmbeddings _embeddings;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<PostNormBlock> _blocks;

    internal Bert(BertConfig config, ModelSettings settings)
        : base(nameof(Bert))
    {
        _config = config;
        config = config with
        {
            HiddenDropout = settings.Dropout ?? config.HiddenDropout,
            AttentionDropout = settings.AttentionDropout ?? settings.Dropout ?? config.AttentionDropout,
            ClassifierDropout = settings.ClassifierDropout ?? settings.Dropout ?? config.ClassifierDropout,
        };
        _head = new()
        {
            Classifier = new(
                Dropout: config.ClassifierDropout ?? config.HiddenDropout,
                Output: "classifier",
                Pooler: "bert.pooler.dense",
                Activation: pooled => pooled.tanh()
            ),
            MaskedDecoder = new(
                Group: "cls.predictions.",
                Transform: "cls.predictions.transform.dense",
                Norm: "cls.predictions.transform.LayerNorm",
                Bias: "cls.predictions",
                ActivationFunctions.ByName[config.Activation],
                config.LayerNormEpsilon
            ),
            NextSentence = "cls.seq_relationship",
            TokenDropout = config.ClassifierDropout ?? config.HiddenDropout,
            AnswerDropout = settings.ClassifierDropout ?? 0,
            InitializerRange = config.InitializerRange,
            PadId = config.PadId,
            PaddedEmbeddings = ["bert.embeddings.word_embeddings.weight"],
        };
        _embeddings = new(config, settings.Masks);
        var shape = new BlockShape(
            config.Width,
            config.Heads,
            config.FeedForwardWidth,
            config.Activation,
            config.LayerNormEpsilon,
            ScoreDropout: config.AttentionDropout,
            AttendedDropout: config.HiddenDropout,
            WidenedDropout: config.HiddenDropout
        );
        _blocks = new([.. Enumerable.Range(0, config.Blocks).Select(_ => new PostNormBlock(shape, settings.Masks))]);
        RegisterComponents();
    }

    public override int Width => _config.Width;
    public override int MaxTokens => _config.MaxTokens;
    public override int VocabularySize => _config.VocabularySize;
    internal override Tensor Words => _embeddings.Words;
    internal override HeadConfig Head => _head;

    internal override string Family => "Bert";
    internal override string Prefix => "bert.";

    internal override WeightNames Names { get; } =
        new(
            ("embeddings.words", "embeddings.word_embeddings"),
            ("embeddings.positions", "embeddings.position_embeddings"),
            ("embeddings.types", "embeddings.token_type_embeddings"),
            ("embeddings.norm", "embeddings.LayerNorm"),
            ("blocks.*.attention.query", "encoder.layer.*.attention.self.query"),
            ("blocks.*.attention.key", "encoder.layer.*.attention.self.key"),
            ("blocks.*.attention.value", "encoder.layer.*.attention.self.value"),
            ("blocks.*.attention.output", "encoder.layer.*.attention.output.dense"),
            ("blocks.*.attention_norm", "encoder.layer.*.attention.output.LayerNorm"),
            ("blocks.*.feed_forward.wide", "encoder.layer.*.intermediate.dense"),
            ("blocks.*.feed_forward.narrow", "encoder.layer.*.output.dense"),
            ("blocks.*.feed_forward_norm", "encoder.layer.*.output.LayerNorm")
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
