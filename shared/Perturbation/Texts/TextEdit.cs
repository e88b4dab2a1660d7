namespace TransferPipeline.Perturbation.Texts;

/// <summary>A stretch of a text that was put in the place of another.</summary>
/// <param name="Column">0 for the first text of an example, 1 for the second.</param>
/// <param name="Start">In UTF-16 units, of both stretches.</param>
public sealed record TextEdit(int Column, int Start, string Removed, string Inserted)
{
    /// <summary>The text as it was before this edit.</summary>
    /// <exception cref="ArgumentException">The text does not hold what was inserted.</exception>
    public string Undo(string text) => Exchange(text, Inserted, Removed);

    /// <summary>The text with this edit.</summary>
    /// <exception cref="ArgumentException">The text does not hold what is to be removed.</exception>
    public string Apply(string text) => Exchange(text, Removed, Inserted);

    private string Exchange(string text, string from, string to) =>
        Start <= text.Length && text.AsSpan(Start).StartsWith(from)
            ? string.Concat(text.AsSpan(0, Start), to, text.AsSpan(Start + from.Length))
            : throw new ArgumentException($"'{from}' does not stand at {Start} of '{text}'.", nameof(text));
}
