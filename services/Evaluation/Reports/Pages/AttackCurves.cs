using TransferPipeline.Contracts;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Evaluation.Significance;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Accuracy under attack over what an attack may spend: a drawing for each recipe, a line for each model.</summary>
internal static class AttackCurves
{
    /// <summary>More lines than there are colours and dashes could not be told apart.</summary>
    private const int MostLines = 24;

    public static Html Of(Study study)
    {
        var recipes = RobustnessTable
            .All(study)
            .Where(one => one.Attack.Searches && one.Attack.OverQueries.Count > 0)
            .GroupBy(one => RobustnessTable.Recipe(one.Attack))
            .ToList();
        return Html.Join(
            recipes,
            recipe =>
                Html.Of(
                    $"""
                    <h3>{recipe.Key}</h3>
                    {Chart(
                        "most queries of a text",
                        recipe,
                        attack => attack.OverQueries,
                        at => RobustnessTable.Whole((long)at)
                    )}
                    {Chart(
                        "most words of a text changed, %",
                        recipe,
                        attack => attack.OverWordsChanged,
                        at => Wording.Number(at * 100, 0)
                    )}

                    """
                )
        );
    }

    private static Html Chart(
        string axis,
        IEnumerable<(ScoredModel Row, AttackScores Attack)> attacks,
        Func<AttackScores, IReadOnlyList<Contracts.CurvePoint>> points,
        Func<double, string> name
    )
    {
        var lines = attacks.Take(MostLines).ToList();
        string[] values = [.. points(lines[0].Attack).Select(point => name(point.At))];
        var chart = new CurveChart(
            new Curve(
                axis,
                "accuracyUnderAttack",
                values,
                [
                    .. lines.Select(one => new CurveLine(
                        Name(one, lines),
                        [.. points(one.Attack).Select((point, at) => Point(one.Attack, point, at))]
                    )),
                ]
            )
            {
                Counted = "text",
            }
        );
        return Html.Of($"<figure>{chart.Legend()}<div class=\"wide\">{chart.Draw()}</div></figure>");

        CurvePoint Point(AttackScores attack, Contracts.CurvePoint point, int place) =>
            new(
                place,
                values[place],
                new Sample(
                    point.Value.Value,
                    new Interval(point.Value.Low ?? point.Value.Value, point.Value.High ?? point.Value.Value),
                    attack.N
                )
            );
    }

    private static string Name(
        (ScoredModel Row, AttackScores Attack) one,
        List<(ScoredModel Row, AttackScores Attack)> all
    ) =>
        all.Count(other => other.Row.Step == one.Row.Step) > 1
            ? $"{one.Row.Step} ({RobustnessTable.At(one.Row.Cell, one.Attack.Recipe)})"
            : one.Row.Step;
}
