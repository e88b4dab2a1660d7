using System.Text.RegularExpressions;

namespace TransferPipeline.Contracts;

/// <summary>What stands at one place of a template.</summary>
public enum PromptSlot
{
    /// <summary>Words of the template itself.</summary>
    Words,

    /// <summary>The text, or the first of a pair.</summary>
    First,

    /// <summary>The second text of a pair.</summary>
    Second,

    /// <summary>The word that answers.</summary>
    Mask,
}

/// <summary>One place of a template.</summary>
/// <param name="Words">Of <see cref="PromptSlot.Words"/>; empty for the others.</param>
/// <param name="BlankBefore">Whether a blank parts it from what stands before; it belongs to no other place.</param>
public sealed record PromptPart(PromptSlot Slot, string Words, bool BlankBefore);

/// <summary>
/// A sentence with gaps: <c>{text}</c>, or <c>{first}</c> and <c>{second}</c>, for what is read, and <c>{mask}</c> for the
/// word that says the label.
/// </summary>
public sealed partial class PromptTemplate
{
    private static readonly Dictionary<string, PromptSlot> Slots = new()
    {
        ["{text}"] = PromptSlot.First,
        ["{first}"] = PromptSlot.First,
        ["{second}"] = PromptSlot.Second,
        ["{mask}"] = PromptSlot.Mask,
    };

    private PromptTemplate(string text, IReadOnlyList<PromptPart> parts) => (Text, Parts) = (text, parts);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>From left to right.</summary>
    public IReadOnlyList<PromptPart> Parts { get; }

    /// <summary>Whether it reads pairs of texts.</summary>
    public bool IsPair => Parts.Any(part => part.Slot == PromptSlot.Second);

    /// <summary>The template; what is wrong with it, if anything, in <paramref name="problems"/>.</summary>
    public static PromptTemplate Parse(string text, out IReadOnlyList<string> problems)
    {
        var found = Gap().Matches(text).Select(gap => gap.Value).ToList();
        problems = [.. Problems(found)];
        var parts = new List<PromptPart>();
        var at = 0;
        var blank = false;
        foreach (var gap in Gap().Matches(text).Where(gap => Slots.ContainsKey(gap.Value)))
        {
            AddWords(text[at..gap.Index]);
            parts.Add(new(Slots[gap.Value], "", blank));
            (at, blank) = (gap.Index + gap.Length, false);
        }
        AddWords(text[at..]);
        return new(text, parts);

        void AddWords(string words)
        {
            var trimmed = words.Trim();
            if (trimmed.Length > 0)
                parts.Add(new(PromptSlot.Words, trimmed, blank || char.IsWhiteSpace(words[0])));
            blank = words.Length > 0 && char.IsWhiteSpace(words[^1]);
        }
    }

    private static IEnumerable<string> Problems(List<string> gaps)
    {
        foreach (var gap in gaps.Where(gap => !Slots.ContainsKey(gap)).Distinct())
            yield return $"has the slot {gap}; expected {{text}}, or {{first}} and {{second}}, and {{mask}}";
        foreach (var gap in gaps.GroupBy(gap => gap).Where(same => Slots.ContainsKey(same.Key) && same.Count() > 1))
            yield return $"has {gap.Key} {gap.Count()} times; expected it once";
        if (!gaps.Contains("{mask}"))
            yield return "has no {mask}; expected it where the label's word stands";
        var pair = gaps.Contains("{first}") || gaps.Contains("{second}");
        if (pair && gaps.Contains("{text}"))
            yield return "has {text} beside {first} or {second}; expected {text} for texts, the other two for pairs";
        else if (pair && !(gaps.Contains("{first}") && gaps.Contains("{second}")))
            yield return $"has no {(gaps.Contains("{first}") ? "{second}" : "{first}")}; expected both texts of a pair";
        else if (!pair && !gaps.Contains("{text}"))
            yield return "has no {text}; expected it, or {first} and {second}, where the text stands";
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Gap();
}
