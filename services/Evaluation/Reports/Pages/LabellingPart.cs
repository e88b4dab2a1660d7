namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>The part of the page about labels that functions and votes gave: figures, then the functions of each step.</summary>
internal static class LabellingPart
{
    public static Html Of(Study study) =>
        study.Labellings.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <section><h2>Labels given by functions</h2>
                {RecordTables.Plain(
                    LabellingTable.Caption,
                    LabellingTable.Heads,
                    LabellingTable.Words,
                    LabellingTable.Rows(study)
                )}
                {Html.Join(study.Labellings, One)}
                </section>

                """
            );

    private static Html One(ScoredLabelling one)
    {
        var place = one.Cell.ToString();
        return Html.Of(
            $"""
            <details><summary>{one.Step}{(place.Length == 0 ? "" : ", " + place)}: its functions</summary>
            {RecordTables.Plain(
                LabellingTable.FunctionCaption,
                LabellingTable.FunctionHeads,
                LabellingTable.FunctionWords,
                LabellingTable.FunctionRows(one)
            )}
            </details>

            """
        );
    }
}
