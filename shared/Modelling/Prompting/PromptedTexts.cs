using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Modelling.Tokenization;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Modelling.Prompting;

/// <summary>Puts texts into their prompts, with demonstrations where these are asked for.</summary>
public sealed class PromptedTexts
{
    private readonly PromptSettings _settings;
    private readonly PromptForm _plain;
    private readonly PromptForm? _demonstrated;
    private readonly LabelledText[][] _ofLabel;

    /// <param name="causal">Whether the model foretells next words.</param>
    /// <exception cref="BadInputException">Template, words or examples do not fit; what is wrong with the words, all at once.</exception>
    public PromptedTexts(PromptSettings settings, ITokenizer tokenizer, bool pair, bool causal)
    {
        _settings = settings;
        PadId = tokenizer.PadId;
        WordIds = LabelWords.Ids(settings.Labels, settings.LabelWords, tokenizer);
        _plain = new(settings.Template, pair, tokenizer, settings.MaxTokens, causal, 0);
        _ofLabel =
        [
            .. settings.Labels.Select((_, label) => settings.Examples.Where(one => one.Label == label).ToArray()),
        ];
        if (settings.Demonstrations == 0)
            return;
        _demonstrated = new(settings.Template, pair, tokenizer, settings.MaxTokens, causal, settings.Labels.Count);
        string[] problems =
        [
            .. settings
                .Labels.Index()
                .Select(label => (label.Item, Texts: _ofLabel[label.Index].DistinctBy(one => one.Text).Count()))
                .Where(label => label.Texts < 2)
                .Select(label =>
                    $"demonstrations: label '{label.Item}' has {label.Texts} different train texts; expected two at least, so that one "
                    + "can stand beside the other."
                ),
        ];
        if (problems.Length > 0)
            throw new BadInputException(problems);
    }

    /// <summary>The ids of the labels' words, in output order.</summary>
    public IReadOnlyList<int> WordIds { get; }

    internal int PadId { get; }

    /// <summary>Without demonstrations.</summary>
    public PromptedText Plain(ModelText text) => _plain.Encode(text, []);

    /// <summary>As it is read in one update of a training: with demonstrations that are drawn for it, if with any.</summary>
    public PromptedText Trained(ModelText text, int row, long update) =>
        Demonstrated(text, new CounterRandom(_settings.Seed, "demonstrations", update, row));

    /// <summary>As it is read to be scored, once or with each set of demonstrations: these depend on the text alone.</summary>
    public IReadOnlyList<PromptedText> Scored(ModelText text)
    {
        if (_demonstrated is null)
            return [Plain(text)];
        var content = TextFingerprint.Of(text.First, text.Second);
        return
        [
            .. Enumerable
                .Range(0, _settings.Demonstrations)
                .Select(set => new CounterRandom(_settings.Seed, "scored demonstrations", (long)(ulong)content, set))
                .Select(random => Demonstrated(text, random)),
        ];
    }

    private PromptedText Demonstrated(ModelText text, CounterRandom random) =>
        _demonstrated?.Encode(text, [.. _ofLabel.Select((of, label) => (Other(of, text, random), WordIds[label]))])
        ?? Plain(text);

    /// <summary>Any but the text itself; there are two different ones, so that one is found.</summary>
    private static ModelText Other(LabelledText[] examples, ModelText text, CounterRandom random)
    {
        ModelText other;
        do other = examples[random.NextInt(examples.Length)].Text;
        while (other == text);
        return other;
    }
}
