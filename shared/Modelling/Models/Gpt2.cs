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
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Models;

/// <summary>The shape of a GPT-2 decoder; the defaults are those of gpt2, the smallest.</summary>
public sealed record Gpt2Config
{
    public int VocabularySize { get; init; } = 50257;
    public int Width { get; init; } = 768;
    public int Blocks { get; init; } = 12;
    public int Heads { get; init; } = 12;

    /// <summary>Null for four times <see cref="Width"/>.</summary>
    public int? FeedForwardWidth { get; init; }

    public int MaxTokens { get; init; } = 1024;

    /// <summary>Where the configuration names none, the end of the text, as its tokenizers pad.</summary>
    public int? PadId { get; init; } = 50256;

    public string Activation { get; init; } = "gelu_new";
    public double EmbeddingDropout { get; init; } = 0.1;
    public double AttentionDropout { get; init; } = 0.1;
    public double ResidualDropout { get; init; } = 0.1;

    /// <summary>Rate before a classifier of tokens; one of sequences has none.</summary>
    public double ClassifierDropout { get; init; } = 0.1;

    public double InitializerRange { get; init; } = 0.02;
    public double LayerNormEpsilon { get; init; } = 1e-5;

    internal static Gpt2Config Read(ConfigFile file)
    {
        file.Only("add_cross_attention", false);
        file.Only("reorder_and_upcast_attn", false);
        file.Only("scale_attn_by_inverse_layer_idx", false);
        file.Only("scale_attn_weights", true);
        file.Only("tie_word_embeddings", true);
        var config = new Gpt2Config
        {
            VocabularySize = file.Int("vocab_size", 1),
            Width = file.Int("n_embd", 1),
            Blocks = file.Int("n_layer", 1),
            Heads = file.Int("n_head", 1),
            FeedForwardWidth = file.IntOrNull("n_inner", 1),
            MaxTokens = file.Int("n_positions", 1),
            PadId = file.IntOrNull("pad_token_id", 0) ?? file.IntOrNull("eos_token_id", 0),
            Activation = file.Choice("activation_function", ActivationFunctions.ByName.Keys, "gelu_new"),
            EmbeddingDropout = file.Number("embd_pdrop", 0, 0.99, 0.1),
            AttentionDropout = file.Number("attn_pdrop", 0, 0.99, 0.1),
            ResidualDropout = file.Number("resid_pdrop", 0, 0.99, 0.1),
            ClassifierDropout = file.Number("classifier_dropout", 0, 0.99, 0.1),
            InitializerRange = file.Number("initializer_range", 0, 10, 0.02),
            LayerNormEpsilon = file.Number("layer_norm_epsilon", 0, 1, 1e-5),
        };
        file.ThrowIfBad();
        if (config.Width % config.Heads != 0)
            file.Refuse("n_head", $"a divisor of n_embd {config.Width}");
        if (config.PadId >= config.VocabularySize)
            file.Refuse(
                file.IntOrNull("pad_token_id", 0) is null ? "eos_token_id" : "pad_token_id",
                $"an id below vocab_size {config.VocabularySize}"
            );
        file.ThrowIfBad();
        return config;
    }

    internal void Write(ConfigFile file)
    {
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("model_type", "gpt2"),
                ("vocab_size", VocabularySize),
                ("n_embd", Width),
                ("n_layer", Blocks),
                ("n_head", Heads),
                ("n_inner", FeedForwardWidth),
                ("n_positions", MaxTokens),
                ("pad_token_id", PadId),
                ("activation_function", Activation),
                ("embd_pdrop", EmbeddingDropout),
                ("attn_pdrop", AttentionDropout),
                ("resid_pdrop", ResidualDropout),
                ("classifier_dropout", ClassifierDropout),
                ("initializer_range", InitializerRange),
                ("layer_norm_epsilon", LayerNormEpsilon),
            }
        )
            file.Set(key, value);
        foreach (
            var (key, value) in new (string, JsonNode?)[]
            {
                ("add_cross_attention", false),
                ("bos_token_id", PadId),
                ("eos_token_id", PadId),
                ("reorder_and_upcast_attn", false),
                ("scale_attn_by_inverse_layer_idx", false),
                ("scale_attn_weights", true),
                ("summary_activation", null),
                ("summary_first_dropout", 0.1),
                ("summary_proj_to_labels", true),
                ("summary_type", "cls_index"),
                ("summary_use_proj", true),
                ("tie_word_embeddings", true),
                ("use_cache", true),
            }
        )
            file.Add(key, value);
    }
}

/// <summary>Every token looks at itself and at those before it; query, key and value come from one layer.</summary>
internal sealed class Gpt2Attention : Module<Tensor, Tensor, Tensor>
{
    private readonly long _heads;

    [ComponentName(Name = "input")]
    private readonly Linear _input;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    public Gpt2Attention(Gpt2Config config, DropoutMasks? masks)
        : base(nameof(Gpt2Attention))
    {
        _heads = config.Heads;
        _input = new(config.Width, 3 * config.Width, transposed: true);
        _output = new(config.Width, config.Width, transposed: true);
        _dropout = new(config.AttentionDropout, masks);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor mask) // (B, T, D), (1 | B, 1, T, T)
    {
        using var scope = NewDisposeScope();

        var parts = _input.call(hidden).chunk(3, -1); // query, key, value: (B, T, D)
        var attended = Attention.Of(parts[0], parts[1], parts[2], _heads, mask, _dropout);
        return _output.call(attended).MoveToOuterDisposeScope(); // (B, T, D)
    }
}

/// <summary>Attention, then feed-forward; each reads a normalised copy and is added to what it read.</summary>
internal sealed class Gpt2Block : Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "attention_norm")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attention")]
    private readonly Gpt2Attention _attention;

    [ComponentName(Name = "feed_forward_norm")]
    private readonly LayerNorm _feedForwardNorm;

    [ComponentName(Name = "feed_forward")]
    private readonly FeedForward _feedForward;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    public Gpt2Block(Gpt2Config config, DropoutMasks? masks)
        : base(nameof(Gpt2Block))
    {
        _attentionNorm = new(config.Width, config.LayerNormEpsilon);
        _attention = new(config, masks);
        _feedForwardNorm = new(config.Width, config.LayerNormEpsilon);
        _feedForward = new(
            config.Width,
            config.FeedForwardWidth ?? 4 * config.Width,
            ActivationFunctions.ByName[config.Activation],
            transposed: true
        );
        _dropout = new(config.ResidualDropout, masks);
        RegisterComponents();
    }

    public override Tensor forward(Tensor hidden, Tensor mask) // (B, T, D), (1 | B, 1, T, T)
    {
        using var scope = NewDisposeScope();

        var attended = _dropout.call(_attention.call(_attentionNorm.call(hidden), mask)).add_(hidden, Scalars.One);
        return _dropout
            .call(_feedForward.call(_feedForwardNorm.call(attended)))
            .add_(attended, Scalars.One)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>GPT-2 (Radford et al. 2019): attention to what came before, normalised ahead of each half block.</summary>
public sealed class Gpt2 : Encoder
{
    private readonly Gpt2Config _config;
    private readonly HeadConfig _head;

    [ComponentName(Name = "words")]
    private readonly Embedding _words;

    [ComponentName(Name = "positions")]
    private readonly Embedding _positions;

    [ComponentName(Name = "dropout")]
    private readonly Dropout _dropout;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<Gpt2Block> _blocks;

    [ComponentName(Name = "norm")]
    private readonly LayerNorm _norm;

    internal Gpt2(Gpt2Config config, ModelSettings settings)
        : base(nameof(Gpt2))
    {
        _config = config;
        config = config with
        {
            EmbeddingDropout = settings.Dropout ?? config.EmbeddingDropout,
            AttentionDropout = settings.AttentionDropout ?? settings.Dropout ?? config.AttentionDropout,
            ResidualDropout = settings.Dropout ?? config.ResidualDropout,
            ClassifierDropout = settings.ClassifierDropout ?? settings.Dropout ?? config.ClassifierDropout,
        };
        _head = new()
        {
            Classifier = new(
                Dropout: settings.ClassifierDropout ?? 0,
                Output: "score",
                Pooler: null,
                Activation: token => token,
                OutputBias: false
            ),
            TokenDropout = config.ClassifierDropout,
            AnswerDropout = settings.ClassifierDropout ?? 0,
            CausalArchitecture = "GPT2LMHeadModel",
            InitializerRange = config.InitializerRange,
            Residual = ("c_proj.weight", config.InitializerRange / Math.Sqrt(2 * config.Blocks)),
            PadId = config.PadId,
        };
        _words = new(config.VocabularySize, config.Width);
        _positions = new(config.MaxTokens, config.Width);
        _dropout = new(config.EmbeddingDropout, settings.Masks);
        _blocks = new([.. Enumerable.Range(0, config.Blocks).Select(_ => new Gpt2Block(config, settings.Masks))]);
        _norm = new(config.Width, config.LayerNormEpsilon);
        RegisterComponents();
    }

    public override int Width => _config.Width;
    public override int MaxTokens => _config.MaxTokens;
    public override int VocabularySize => _config.VocabularySize;
    internal override Tensor Words => _words.Weight;
    internal override HeadConfig Head => _head;

    internal override string Family => "GPT2";
    internal override string Prefix => "transformer.";

    internal override WeightNames Names { get; } =
        new(
            ("words", "wte"),
            ("positions", "wpe"),
            ("blocks.*.attention_norm", "h.*.ln_1"),
            ("blocks.*.attention.input", "h.*.attn.c_attn"),
            ("blocks.*.attention.output", "h.*.attn.c_proj"),
            ("blocks.*.feed_forward_norm", "h.*.ln_2"),
            ("blocks.*.feed_forward.wide", "h.*.mlp.c_fc"),
            ("blocks.*.feed_forward.narrow", "h.*.mlp.c_proj"),
            ("norm", "ln_f")
        );

    internal override void Write(ConfigFile file) => _config.Write(file);

    public override Tensor forward(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();

        var mask = AttentionMasks.Causal(batch, Words);
        var hidden = Embed(batch);
        foreach (var block in _blocks)
            hidden = block.call(hidden, mask);
        return _norm.call(hidden).MoveToOuterDisposeScope();
    }

    /// <remarks>The last one is normalised.</remarks>
    public override IReadOnlyList<Tensor> HiddenStates(TokenBatch batch)
    {
        var mask = AttentionMasks.Causal(batch, Words);
        var states = new List<Tensor> { Embed(batch) };
        foreach (var block in _blocks)
            states.Add(block.call(states[^1], mask));
        states[^1] = _norm.call(states[^1]);
        return states;
    }

    /// <summary>Word + position, from 0 on whatever is padding.</summary>
    private Tensor Embed(TokenBatch batch) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();
        var positions = _positions.Weight.narrow(0, 0, batch.Length); // (T, D)
        return _dropout
            .call(batch.Moved(_words.call(batch.Ids)).add_(positions, Scalars.One))
            .MoveToOuterDisposeScope();
    }
}
