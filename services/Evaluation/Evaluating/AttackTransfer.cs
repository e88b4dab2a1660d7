using TransferPipeline.Contracts;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Shows texts that fooled one model to another.</summary>
internal static class AttackTransfer
{
    /// <param name="to">The other's place among the models.</param>
    public static TransferScores Of(int to, IClassifier model, IReadOnlyList<AttackedText> log, CancellationToken stop)
    {
        AttackedText[] fooling = [.. log.Where(one => one.Outcome is AttackOutcome.Successful)];
        var before = Said(one => new ModelText(one.Text, one.TextB));
        var after = Said(one => new ModelText(one.Perturbed, one.PerturbedB));
        int[] right = [.. Enumerable.Range(0, fooling.Length).Where(at => before[at] == fooling[at].Label)];
        return new(
            to,
            right.Length,
            AttackScoring.Share(right.Count(at => after[at] != fooling[at].Label), right.Length)
        );

        string[] Said(Func<AttackedText, ModelText> text)
        {
            var said = new Predictions(model.Labels, model.Predict(Array.ConvertAll(fooling, one => text(one)), stop));
            return [.. Enumerable.Range(0, fooling.Length).Select(said.LabelOf)];
        }
    }
}
