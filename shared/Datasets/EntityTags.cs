namespace TransferPipeline.Datasets;

/// <summary>A run of words of one type: from the first word on, up to but not including <paramref name="To"/>.</summary>
public readonly record struct Entity(string Type, int From, int To);

/// <summary>
/// Words and their IOB2 tags (<c>O</c>, <c>B-type</c>, <c>I-type</c>): an example keeps them in its text and label, one
/// space between two.
/// </summary>
public static class EntityTags
{
    /// <summary>The tag of a word in no entity.</summary>
    public const string Outside = "O";

    /// <summary>The words of a text, or the tags of a label.</summary>
    public static string[] Split(string text) => text.Split(' ');

    /// <summary>What is wrong with a tag after the tag of the word before it (null at a sentence's start); null for nothing.</summary>
    public static string? Problem(string tag, string? previous) =>
        tag == Outside ? null
        : !HasType(tag) ? $"the tag '{tag}' is not one of IOB2; expected O, B-TYPE or I-TYPE"
        : tag[0] == 'I' && (previous is null || previous == Outside || previous[2..] != tag[2..])
            ? $"the tag '{tag}' continues no entity; expected B-{tag[2..]}, which begins one"
        : null;

    /// <summary>The label set of some tags: <c>O</c>, then both tags of each type, types by code point.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<string> tags) =>
        [
            Outside,
            .. tags.Where(tag => tag != Outside)
                .Select(tag => tag[2..])
                .Distinct()
                .Order(StringComparer.Ordinal)
                .SelectMany(type => new[] { $"B-{type}", $"I-{type}" }),
        ];

    /// <summary>The entities of a sentence.</summary>
    /// <param name="strict">Whether only <c>B-</c> begins one; else an <c>I-</c> that continues nothing does too, as conlleval has it.</param>
    public static IReadOnlyList<Entity> Entities(IReadOnlyList<string> tags, bool strict = false)
    {
        var entities = new List<Entity>();
        string? type = null;
        var from = 0;
        for (var at = 0; at <= tags.Count; at++)
        {
            var tag = at < tags.Count ? tags[at] : Outside;
            var next = tag == Outside ? null : tag[2..];
            if (type is not null && next == type && tag[0] == 'I')
                continue;
            if (type is not null)
                entities.Add(new Entity(type, from, at));
            type = tag[0] == 'B' || !strict ? next : null;
            from = at;
        }
        return entities;
    }

    private static bool HasType(string tag) => tag is ['B' or 'I', '-', _, ..];
}
