using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Modelling.Inference;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Shows texts that fooled one model to another.</summary>
internal static class AttackTransfer
{
    /// <param name="to">The other's place among the models.</param>
    /// <param name="read">What the other says about texts, in words.</param>
    public static TransferScores Of(int to, Func<ModelText[], string[]> read, IReadOnlyList<AttackedText> log)
    {
        AttackedText[] fooling = [.. log.Where(one => one.Outcome is AttackOutcome.Successful)];
        var before = Right(one => new ModelText(one.Text, one.TextB));
        var after = Right(one => new ModelText(one.Perturbed, one.PerturbedB));
        int[] right = [.. Enumerable.Range(0, fooling.Length).Where(at => before[at])];
        return new(to, right.Length, AttackScoring.Share(right.Count(at => !after[at]), right.Length));

        bool[] Right(Func<AttackedText, ModelText> text) =>
            [.. read(Array.ConvertAll(fooling, one => text(one))).Zip(fooling, IsRight)];
    }

    /// <summary>Reads texts by a model that tells labels apart.</summary>
    public static Func<ModelText[], string[]> By(IClassifier model, CancellationToken stop) =>
        texts =>
        {
            var said = new Predictions(model.Labels, model.Predict(texts, stop));
            return [.. Enumerable.Range(0, texts.Length).Select(said.LabelOf)];
        };

    /// <summary>Reads questions by a model that finds answers.</summary>
    public static Func<ModelText[], string[]> By(IAnswerer model, CancellationToken stop) =>
        questions => [.. model.Answer(questions, new AnswerSearch(), stop).Select(found => found.Text)];

    private static bool IsRight(string said, AttackedText one) =>
        one.Accepted is { } accepted ? AnswerText.IsAccepted(said, accepted) : said == one.Label;
}
