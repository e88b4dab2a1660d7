using TransferPipeline.Attacks.Searches;
using TransferPipeline.Contracts;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>What came of the attack on one example.</summary>
internal static class AttackResults
{
    private const int Digits = 5;

    /// <param name="best">The text that counts.</param>
    public static AttackedText Of(AttackSession session, bool finished, JudgedText best)
    {
        var (example, original) = (session.Example, session.Original);
        var labels = session.Victim.Labels;
        var (text, changed) = (best.Text.Model, best.Text.Original.DifferentWords(best.Text).Count);
        return new(
            example.Id,
            Outcome(session, finished, best),
            example.Answers is { } answers ? string.Join(" / ", answers.Texts) : labels[example.Label],
            example.Text.First,
            example.Text.Second,
            original.Answer.Said ?? labels[original.Answer.Label],
            Math.Round(original.Score, Digits),
            text.First,
            text.Second,
            best.Answer.Said ?? labels[best.Answer.Label],
            Math.Round(best.Score, Digits),
            original.Text.Words.Count,
            best.Text.Words.Count,
            changed,
            session.Queries,
            session.Forwards
        )
        {
            Accepted = example.Answers?.Texts,
        };
    }

    private static AttackOutcome Outcome(AttackSession session, bool finished, JudgedText best) =>
        session switch
        {
            { Skipped: true } => AttackOutcome.Skipped,
            _ when best.Reached => AttackOutcome.Successful,
            _ when !finished => AttackOutcome.Unfinished,
            { Recipe.Goal.Maximises: true } => AttackOutcome.Maximized,
            _ => AttackOutcome.Failed,
        };
}
