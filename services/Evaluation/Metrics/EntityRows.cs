using TransferPipeline.Datasets;

namespace TransferPipeline.Evaluation.Metrics;

/// <summary>How tags become entities.</summary>
internal enum TagReading
{
    /// <summary>As conlleval reads them: an <c>I-</c> that continues nothing begins an entity.</summary>
    Lenient,

    /// <summary>IOB2 to the letter: only <c>B-</c> begins one.</summary>
    Strict,
}

/// <summary>True and predicted tags, one list per sentence; a sentence may count several times or not at all.</summary>
internal sealed record EntityRows(string[][] Truth, string[][] Predicted, TagReading Reading = TagReading.Lenient)
{
    // Counted once for all draws, which share it.
    private readonly Dictionary<(TagReading, string?), (int Both, int Truth, int Predicted)[]> _counted = [];
    private readonly Lazy<int[]> _right = new(() =>
        [.. Truth.Zip(Predicted, (truth, said) => truth.Zip(said).Count(pair => pair.First == pair.Second))]
    );

    /// <summary>How often each sentence counts; null: once.</summary>
    private int[]? Times { get; init; }

    /// <summary>Types of entities in the truth or in the predictions.</summary>
    public IReadOnlyList<string> Types =>
        [
            .. Truth
                .Concat(Predicted)
                .SelectMany(tags => tags)
                .Where(tag => tag != EntityTags.Outside)
                .Select(tag => tag[2..])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The same sentences, each as often as <paramref name="counts"/> says.</summary>
    public EntityRows Drawn(int[] counts) => this with { Times = counts };

    /// <summary>Entities found in both, in the truth and in the predictions; of one type, or of all.</summary>
    public (int Both, int Truth, int Predicted) Count(string? type = null)
    {
        if (!_counted.TryGetValue((Reading, type), out var sentences))
            _counted[(Reading, type)] = sentences = [
                .. Truth.Zip(Predicted, (truth, said) => Count(truth, said, type)),
            ];
        var counts = (Both: 0, Truth: 0, Predicted: 0);
        for (var row = 0; row < sentences.Length; row++)
        {
            var times = Times?[row] ?? 1;
            counts.Both += times * sentences[row].Both;
            counts.Truth += times * sentences[row].Truth;
            counts.Predicted += times * sentences[row].Predicted;
        }
        return counts;
    }

    /// <summary>Words whose tag is right, and all words.</summary>
    public (int Right, int All) Words()
    {
        var counts = (Right: 0, All: 0);
        for (var row = 0; row < Truth.Length; row++)
        {
            var times = Times?[row] ?? 1;
            counts.All += times * Truth[row].Length;
            counts.Right += times * _right.Value[row];
        }
        return counts;
    }

    private (int Both, int Truth, int Predicted) Count(string[] truth, string[] predicted, string? type)
    {
        var expected = Entities(truth, type).ToHashSet();
        var found = Entities(predicted, type).ToHashSet();
        return (found.Count(expected.Contains), expected.Count, found.Count);
    }

    private IEnumerable<Entity> Entities(string[] tags, string? type) =>
        EntityTags.Entities(tags, Reading is TagReading.Strict).Where(entity => type is null || entity.Type == type);
}
