namespace TransferPipeline.Evaluation.Metrics;

/// <summary>How tags become entities.</summary>
internal enum TagReading
{
    /// <summary>As conlleval reads them: an <c>I-</c> that continues nothing begins an entity.</summary>
    Lenient,

    /// <summary>IOB2 to the letter: only <c>B-</c> begins one.</summary>
    Strict,
}

/// <summary>True and predicted tags, one list per sentence.</summary>
internal sealed record EntityRows(string[][] Truth, string[][] Predicted, TagReading Reading = TagReading.Lenient)
{
    /// <summary>Entities found in both, in the truth and in the predictions; of one type, or of all.</summary>
    public (int Both, int Truth, int Predicted) Count(string? type = null)
    {
        var counts = (Both: 0, Truth: 0, Predicted: 0);
        foreach (var (truth, predicted) in Truth.Zip(Predicted))
        {
            var expected = Entities(truth).Where(entity => type is null || entity.Type == type).ToHashSet();
            var found = Entities(predicted).Where(entity => type is null || entity.Type == type).ToHashSet();
            counts.Truth += expected.Count;
            counts.Predicted += found.Count;
            counts.Both += found.Count(expected.Contains);
        }
        return counts;
    }

    private List<(string Type, int From, int To)> Entities(string[] tags)
    {
        var entities = new List<(string, int, int)>();
        string? type = null;
        var from = 0;
        for (var at = 0; at <= tags.Length; at++)
        {
            var tag = at < tags.Length ? tags[at] : "O";
            var next = tag == "O" ? null : tag[2..];
            if (type is not null && next == type && tag[0] == 'I')
                continue;
            if (type is not null)
                entities.Add((type, from, at));
            type = tag[0] == 'B' || Reading is TagReading.Lenient ? next : null;
            from = at;
        }
        return entities;
    }
}
