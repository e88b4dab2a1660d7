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

/// <summary>The shape of a RoBERTa encoder; the defaults are those of roberta-base.</summary>
public sealed record RobertaConfig
{
    public int VocabularySize { get; init; } = 50265;
    public int Width { get; init; } = 768;
    public int Blocks { get; init; } = 12;
    public int Heads { get; init; } = 12;
    public int FeedForwardWidth { get; init; } = 3072;

    /// <summary>Those up to that of <see cref="PadId"/> belong to no token.</summary>
    public int Positions { get; init; } = 514;

    public int TokenTypes { get; init; } = 1;
    public int PadId { get; init; } = 1;
    public string Activation { get; init; } = "gelu";
    public double HiddenDropout { get; init; } = 0.1;
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>Rate before a classifier; null for <see cref="HiddenDropout"/>.</summary>
    public double? ClassifierDropout { get; init; }

    public double InitializerRange { get; init; } = 0.02;
    public double LayerNormEpsilon { get; init; } = 1e-5;

    internal static RobertaConfig Read(ConfigFile file)
    {
        file.Choice("position_embedding_type", ["absolute"], "absolute");
        file.Only("is_decoder", false);
        file.Only("add_cross_attention", false);
        file.Only("tie_word_embeddings", true);
        var config = new RobertaConfig
        {
            VocabularySize = file.Int("vocab_size", 1),
            Width = file.Int("hidden_size", 1),
            Blocks = file.Int("num_hidden_layers", 1),
            Heads = file.Int("num_attention_heads", 1),
            FeedForwardWidth = file.Int("intermediate_size", 1),
            Positions = file.Int("max_position_embeddings", 1),
            TokenTypes = file.Int("type_vocab_size", 1, 2),
            PadId = file.Int("pad_token_id", 0, 1),
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
        if (config.PadId + 1 >= config.Positions)
            file.Refuse("max_position_embeddings", $"more than pad_token_id {config.PadId} + 1");
        file.ThrowIfBad();
        return config;
    }

    internal void Write(ConfigFile file)
    {
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("model_type", "roberta"),
                ("vocab_size", VocabularySize),
                ("hidden_size", Width),
                ("num_hidden_layers", Blocks),
                ("num_attention_heads", Heads),
                ("intermediate_size", FeedForwardWidth),
                ("max_position_embeddings", Positions),
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
                ("bos_token_id", 0),
                ("eos_token_id", 2),
                ("is_decoder", false),
                ("tie_word_embeddings", true),
                ("use_cache", true),
            }
        )
            file.Add(key, value);
    }
}

/// <summary>Word + position + the one token type, normalised; the two texts of a pair are not told apart.</summary>
internal sealed class RobertaEmbeddings : Module<TokenBatch, Tensor>
{
    private readonly int _padId;

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

    public RobertaEmbeddings(RobertaConfig config, DropoutMasks? masks)
        : base(nameof(RobertaEmbeddings))
    {
        _padId = config.PadId;
        _words = new(config.VocabularySize, config.Width, config.PadId);
        _positions = new(config.Positions, config.Width, config.PadId);
        _types = new(config.TokenTypes, config.Width);
        _norm = new(config.Width, config.LayerNormEpsilon);
        _dropout = new(config.HiddenDropout, masks);
        RegisterComponents();
    }

    public Tensor Words => _words.Weight;

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();

        // Fairseq's count: tokens are numbered from the padding's id + 1 on, padding keeps its own.
        var counted = batch.Ids.ne(Scalars.Of(_padId)).to(ScalarType.Int64); // (B, T)
        var positions = _positions.call(counted.cumsum(1).mul_(counted).add_(Scalars.Of(_padId), Scalars.One)); // (B, T, D)
        var summed = batch
            .Moved(_words.call(batch.Ids))
            .add_(positions, Scalars.One)
            .add_(_types.Weight.narrow(0, 0, 1), Scalars.One);
        return _dropout.call(_norm.call(summed)).MoveToOuterDisposeScope();
    }
}

/// <summary>RoBERTa (Liu et al. 2019): BERT's blocks, other positions, no token types.</summary>
public sealed class Roberta : Encoder
{
    private readonly RobertaConfig _config;
    private readonly HeadConfig _head;

    [ComponentName(Name = "embeddings")]
    private readonly RobertaEmbeddings _embeddings;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<PostNormBlock> _blocks;

    internal Roberta(RobertaConfig config, ModelSettings settings)
        : base(nameof(Roberta))
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
                Output: "classifier.out_proj",
                Pooler: "classifier.dense",
                Activation: pooled => pooled.tanh(),
                DropsBeforePooler: true
            ),
            MaskedDecoder = new(
                Group: "lm_head.",
                Transform: "lm_head.dense",
                Norm: "lm_head.layer_norm",
                Bias: "lm_head",
                hidden => hidden.gelu(), // whatever hidden_act says
                config.LayerNormEpsilon
            ),
            TokenDropout = config.ClassifierDropout ?? config.HiddenDropout,
            AnswerDropout = settings.ClassifierDropout ?? 0,
            InitializerRange = config.InitializerRange,
            PadId = config.PadId,
            PaddedEmbeddings =
            [
                "roberta.embeddings.word_embeddings.weight",
                "roberta.embeddings.position_embeddings.weight",
            ],
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
    public override int MaxTokens => _config.Positions - _config.PadId - 1;
    public override int VocabularySize => _config.VocabularySize;
    internal override Tensor Words => _embeddings.Words;
    internal override HeadConfig Head => _head;

    internal override string Family => "Roberta";
    internal override string Prefix => "roberta.";

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
