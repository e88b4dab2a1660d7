using TransferPipeline.Evaluation.Comparing;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Every test within one seed.</summary>
internal static class SeedTests
{
    public static Html Of(IEnumerable<Comparison> comparisons) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>compared</th><th>at</th><th>seed</th><th class="n">difference</th><th class="n">p</th><th class="n">p, Holm</th></tr></thead>
            <tbody>{Html.Join(
                comparisons.Where(one => one.Test == Comparison.WithinSeed),
                one => Html.Of(
                    $"""
                    <tr><th scope="row">{one.A} – {one.B}</th><td>{one.Cell.ToString()}</td><td>{one.Seed ?? "–"}</td><td class="n">{Wording.Difference(
                        one.Metric,
                        one.Difference
                    )}</td><td class="n">{Wording.P(one.P!.Value)}</td><td class="n">{Wording.P(one.Holm!.Value)}</td></tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );
}
