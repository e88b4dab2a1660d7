using TransferPipeline.Contracts;
using TransferPipeline.Perturbation.Texts;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>Successful texts of attacks for a reader to judge, with what was changed marked; hidden characters are shown.</summary>
internal static class AdversarialTexts
{
    public static Html Of(Study study) =>
        Html.Join(
            RobustnessTable.All(study),
            one =>
                Html.Of(
                    $"""
                    <h3>{one.Row.Step}, {one.Attack.Recipe} {one.Row.Cell.ToString()}</h3>
                    <div class="wide"><table>
                    <thead><tr><th>text with its changes</th><th>label</th><th>said before</th><th>said now</th><th class="n">edit distance</th><th class="n">queries</th></tr></thead>
                    <tbody>{Html.Join(one.Attack.Samples, Row)}</tbody>
                    </table></div>

                    """
                )
        );

    private static Html Row(AttackedText text) =>
        Html.Of(
            $"""
            <tr><td>{Changes(text.Text, text.Perturbed)}{(
                text is { TextB: { } before, PerturbedB: { } after } ? Html.Of($"<br>{Changes(before, after)}") : Html.Empty
            )}</td><td>{text.Label}</td><td>{text.Predicted}</td><td>{text.PerturbedPredicted}</td><td class="n">{Distance(
                text
            )}</td><td class="n">{text.Queries}</td></tr>

            """
        );

    private static Html Changes(string before, string after) =>
        Html.Join(
            WordDifference.Of(before, after),
            stretch =>
                stretch.Kind switch
                {
                    StretchKind.Before => Html.Of($"<del>{stretch.Text}</del>"),
                    StretchKind.After => Html.Of($"<ins>{stretch.Text}</ins>"),
                    _ => Html.Of($"{stretch.Text}"),
                }
        );

    private static int Distance(AttackedText text) =>
        Perturbation.Constraints.EditDistance.Of(text.Text, text.Perturbed)
        + Perturbation.Constraints.EditDistance.Of(text.TextB ?? "", text.PerturbedB ?? "");
}
