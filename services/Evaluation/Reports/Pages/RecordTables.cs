using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Comparing;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>The tables that say how the figures came about.</summary>
internal static class RecordTables
{
    public static Html Unfinished(IEnumerable<StepDocument> steps) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>step</th><th>at</th><th>state</th><th>reason</th></tr></thead>
            <tbody>{Html.Join(
                steps,
                step => Html.Of(
                    $"""
                    <tr><th scope="row">{step.Name}</th><td>{new MatrixCell(step.Cell).ToString()}</td><td>{step.State.ToString()
                        .ToLowerInvariant()}</td><td class="reason">{step.Error ?? (step.State is StepState.Skipped ? "a step it needs came to no result" : "")}</td></tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );

    public static Html Lineage(IEnumerable<StepDocument> steps) =>
        Html.Of(
            $"""
            <div class="wide"><table>
            <thead><tr><th>step</th><th>at</th><th>kind</th><th>key</th><th>inputs</th><th>outputs</th><th>worker</th><th class="n">attempts</th><th>cached</th></tr></thead>
            <tbody>{Html.Join(
                steps,
                step => Html.Of(
                    $"""
                    <tr><th scope="row">{step.Name}</th><td>{new MatrixCell(step.Cell).ToString()}</td><td>{step.Uses}</td><td>{Short(
                        step.Key
                    )}</td><td>{Html.Join(step.Inputs, Input)}</td><td>{Html.Join(
                        LineageJson.Outputs(step.Output),
                        Short
                    )}</td><td>{step.Worker}</td><td class="n">{step.Attempts}</td><td>{step.CachedFrom}</td></tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );

    /// <summary>A table of columns of words, then columns of figures.</summary>
    public static Html Plain(
        string caption,
        IReadOnlyList<string> heads,
        int words,
        IEnumerable<IReadOnlyList<string>> rows
    ) =>
        Html.Of(
            $"""
            <p>{caption}</p>
            <div class="wide"><table>
            <thead><tr>{Html.Join(heads.Take(words), head => Html.Of($"<th>{head}</th>"))}{Html.Join(
                heads.Skip(words),
                head => Html.Of($"<th class=\"n\">{head}</th>")
            )}</tr></thead>
            <tbody>{Html.Join(
                rows,
                row => Html.Of(
                    $"""
                    <tr>{Html.Join(row.Take(words), word => Html.Of($"<td>{word}</td>"))}{Html.Join(
                        row.Skip(words),
                        figure => Html.Of($"<td class=\"n\">{figure}</td>")
                    )}</tr>

                    """
                )
            )}</tbody>
            </table></div>

            """
        );

    public static Html Environment(IReadOnlyDictionary<string, IReadOnlyList<string>> environment) =>
        Html.Of(
            $"""
            <dl>{Html.Join(
                environment,
                one => Html.Of($"<dt>{Wording.Of(one.Key)}</dt><dd>{string.Join("; ", one.Value)}</dd>")
            )}</dl>

            """
        );

    private static Html Input(StepInput input) =>
        Html.Of(
            $"<div>{input.Name} {(input.GivenAs is { } name ? $"({name}) " : "")}{Short(LineageJson.Hash(input))}</div>"
        );

    private static Html Short(string? hash)
    {
        if (hash is null)
            return Html.Of($"–");
        var shown = ContentHash.IsOne(hash) ? ContentHash.Short(hash) : hash;
        return Html.Of($"""<code title="{hash}">{shown}</code> """);
    }
}
