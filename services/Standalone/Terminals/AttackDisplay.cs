using System.Globalization;
using Spectre.Console;
using TransferPipeline.Attacks.Attacking;
using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Standalone.Terminals;

/// <summary>An attack as it goes: each better text with what differs from the original in colour.</summary>
internal static class AttackDisplay
{
    public static void Show(
        Terminal terminal,
        ShownAttack attack,
        ModelText text,
        string? label,
        CancellationToken cancellation
    )
    {
        var console = terminal.Json ? terminal.Error : terminal.Output;
        foreach (var step in attack.Run(text, label, cancellation))
        {
            console.Write(
                new Markup(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"[dim]{step.Queries, 6} queries[/]  {Escaped(step.Label)} {step.Probability:0.000}  "
                    )
                )
            );
            console.Write(Difference(text.First, step.Text.First));
            if (text.Second is { } second)
            {
                console.Write(new Markup("  [dim]|[/]  "));
                console.Write(Difference(second, step.Text.Second!));
            }
            console.WriteLine();
        }
        var result = attack.Result!;
        console.MarkupLine(
            $"[bold {Colour(result.Outcome)}]{result.Outcome.ToString().ToLowerInvariant()}[/]: "
                + Escaped($"{result.Predicted} → {result.PerturbedPredicted}")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $", {result.WordsChanged} of {result.Words} words changed, {result.Queries} queries, {result.Forwards} forward passes"
                )
        );
    }

    /// <summary>What is gone struck out in red, what is new in green.</summary>
    private static Markup Difference(string before, string after) =>
        new(
            string.Concat(
                WordDifference
                    .Of(before, after)
                    .Select(stretch =>
                        stretch.Kind switch
                        {
                            StretchKind.Before => $"[red strikethrough]{Escaped(stretch.Text)}[/]",
                            StretchKind.After => $"[green bold]{Escaped(stretch.Text)}[/]",
                            _ => Escaped(stretch.Text),
                        }
                    )
            )
        );

    private static string Escaped(string text) => Markup.Escape(Visible.In(text));

    private static string Colour(AttackOutcome outcome) =>
        outcome switch
        {
            AttackOutcome.Successful or AttackOutcome.Maximized => "red",
            AttackOutcome.Failed => "green",
            _ => "yellow",
        };
}
