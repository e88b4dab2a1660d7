namespace TransferPipeline.Evaluation.Reports.Pages;

/// <summary>The part of the page about labels that syntheses gave: figures, then clusters and a map of each.</summary>
internal static class AssessmentPart
{
    public static Html Of(Study study) =>
        study.Assessments.Count == 0
            ? Html.Empty
            : Html.Of(
                $"""
                <section><h2>Labels given by synthesis</h2>
                {RecordTables.Plain(
                    AssessmentTable.Caption,
                    AssessmentTable.Heads,
                    AssessmentTable.Words,
                    AssessmentTable.Rows(study)
                )}
                {Html.Join(study.Assessments, One)}
                </section>

                """
            );

    private static Html One(Assessed assessed)
    {
        var place = assessed.Cell.ToString();
        return Html.Of(
            $"""
            <details><summary>{assessed.Step}{(place.Length == 0 ? "" : ", " + place)}</summary>
            {ClusterMap.Of(assessed.Of)}
            {(
                assessed.Of.Clusters.Count == 0
                    ? Html.Empty
                    : RecordTables.Plain(
                        "Its clusters, the largest first.",
                        AssessmentTable.ClusterHeads,
                        AssessmentTable.ClusterWords,
                        AssessmentTable.ClusterRows(assessed.Of)
                    )
            )}
            {(
                assessed.Of.Tried.Count == 0
                    ? Html.Empty
                    : RecordTables.Plain(
                        "Numbers of clusters that were tried; the one of the greatest silhouette was taken.",
                        AssessmentTable.TriedHeads,
                        0,
                        AssessmentTable.TriedRows(assessed.Of)
                    )
            )}
            </details>

            """
        );
    }
}
