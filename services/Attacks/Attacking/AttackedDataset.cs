using TransferPipeline.Contracts;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Attacks.Attacking;

/// <summary>
/// The dataset that an attack leaves: of attacked train examples the parent with them added to train, so that a model can learn
/// from them; of another split that split alone, so that other models can be scored on it and nothing trains on it.
/// </summary>
internal static class AttackedDataset
{
    public static DatasetRef Of(
        DatasetRef parent,
        SplitRef split,
        IEnumerable<Example> examples,
        IEnumerable<AttackedText> results,
        StepWork work
    )
    {
        // Where time ran out, not all of them have a result.
        var byId = examples.ToDictionary(example => example.Id);
        var attacked = results
            .Where(result => result.Outcome is AttackOutcome.Successful)
            .Select(result => Made(byId[result.Id], result))
            .OfType<Example>();
        if (split.Name != "train")
            return DatasetIdentity.Dataset(parent.Name, parent.Task, parent.Labels, [Store(split, attacked, work)]);
        return DatasetIdentity.Replacing(parent, Store(split, work.Rows(split).Concat(attacked), work));
    }

    /// <summary>Null of a question whose context holds no accepted answer any more.</summary>
    private static Example? Made(Example example, AttackedText result)
    {
        var label = result.Accepted is null
            ? example.Label
            : AcceptedAnswers.Moved(example.Label!, example.TextB!, result.PerturbedB!);
        return label is null
            ? null
            : example with
            {
                Id = $"{example.Id}-attacked",
                Text = result.Perturbed,
                TextB = result.PerturbedB,
                Label = label,
                Origin = ExampleOrigin.Attacked,
                Source = example.Id,
            };
    }

    private static SplitRef Store(SplitRef of, IEnumerable<Example> examples, StepWork work) =>
        work.StoreRows(of.Name, examples, [of.Id, .. of.CutFrom]);
}
