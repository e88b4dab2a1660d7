using TransferPipeline.Evaluation.Comparing;
using static TransferPipeline.Evaluation.Reports.RobustnessTable;

namespace TransferPipeline.Evaluation.Reports;

/// <summary>What attacks say beside one another: on one model, on the same examples, on other models, on the texts.</summary>
internal static class JointTables
{
    public static ReportTable Worst(Study study) =>
        new(
            "The worst case over all attacks: an example counts as standing only where no attack broke it; with 95 % Wilson intervals.",
            ["model", "seed", "attacks", "texts", "accuracy before %", "under the worst attack %"],
            2,
            [
                .. study.Joint.Worst.Select(one =>
                    (string[])
                        [
                            one.Step,
                            one.Seed ?? "",
                            Whole(one.Attacks),
                            Whole(one.N),
                            Percent(one.OriginalAccuracy),
                            Percent(one.AccuracyUnderAttack),
                        ]
                ),
            ]
        );

    public static ReportTable Shared(Study study) =>
        new(
            "Models side by side on the examples alone that all of them get right at first: accuracy under attack with its 95 % Wilson interval.",
            ["recipe", "model", "at", "texts", "under attack %"],
            3,
            [
                .. study.Joint.Shared.Select(one =>
                    (string[])
                        [one.Recipe, one.Step, At(one.Cell, one.Recipe), Whole(one.N), Percent(one.AccuracyUnderAttack)]
                ),
            ]
        );

    /// <summary>A row for each attack, a column for each model; noise fools too few texts to say anything.</summary>
    public static ReportTable Transfer(Study study)
    {
        var attacks = All(study).Where(one => one.Attack is { Searches: true, Transfer.Count: > 0 }).ToList();
        string[] models = [.. study.Rows.Select(row => row.Step).Distinct()];
        return new(
            "Do texts that fool one model fool another? Of the successful texts whose originals the other model gets right, the share "
                + "in % that it is wrong about, with its 95 % Wilson interval and their number.",
            ["texts that fooled", "at", "recipe", .. models],
            3,
            [
                .. attacks.Select(one =>
                    (string[])[.. Of(one.Row, one.Attack), .. models.Select(model => To(one.Row, one.Attack, model))]
                ),
            ]
        );

        string To(ScoredModel row, Contracts.AttackScores attack, string model)
        {
            if (row.Step == model)
                return "(itself)";
            var beside = study
                .Rows.Where(other => other.ScoredBy == row.ScoredBy && other.Cell.Equals(row.Cell))
                .ToList();
            var found = attack.Transfer!.FirstOrDefault(one => one.To < beside.Count && beside[one.To].Step == model);
            return found is null ? "–" : $"{Percent(found.Fooled)} of {Whole(found.N)}";
        }
    }

    public static ReportTable Validity(Study study)
    {
        var judged = All(study).Where(one => one.Attack.Validity is not null).ToList();
        return new(
            "Do successful texts still say what they said? Mean edit distance in characters; new words that neither the dataset's texts "
                + "nor WordNet hold; texts in which a word follows itself, or stands for its opposite; cosine of a sentence encoder and "
                + "perplexity of a language model where evaluate was given them. With 95 % intervals: Wilson's of shares of texts, bootstrap of the others.",
            [
                "model",
                "at",
                "recipe",
                "texts",
                "edit distance",
                "unknown words %",
                "repeated %",
                "opposites %",
                "similarity",
                "perplexity before",
                "perplexity after",
            ],
            3,
            [
                .. judged.Select(one =>
                {
                    var validity = one.Attack.Validity!;
                    return (string[])
                        [
                            .. Of(one.Row, one.Attack),
                            Whole(validity.N),
                            Figure(validity.EditDistance),
                            Percent(validity.UnknownWords),
                            Percent(validity.Repeated),
                            Percent(validity.Opposites),
                            Figure(validity.Similarity, 3),
                            Figure(validity.PerplexityBefore),
                            Figure(validity.PerplexityAfter),
                        ];
                }),
            ]
        );
    }
}
