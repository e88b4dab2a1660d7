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
        IReadOnlyList<AttackedRow> rows,
        IEnumerable<AttackedText> results,
        StepWork work
    )
    {
        var attacked = rows.Zip(results)
            .Where(pair => pair.Second.Outcome is AttackOutcome.Successful)
            .Select(pair => Made(pair.First.Example, pair.Second));
        if (split.Name != "train")
            return DatasetIdentity.Dataset(parent.Name, parent.Task, parent.Labels, [Store(split, attacked, work)]);
        var before = SplitReader.Read(work.Artefacts.GetFileAsync(split.Content, work.Stop).GetAwaiter().GetResult());
        return DatasetIdentity.Dataset(
            parent.Name,
            parent.Task,
            parent.Labels,
            [Store(split, before.Concat(attacked), work), .. parent.Splits.Where(other => other.Name != split.Name)],
            parent.HiddenLabels
        );
    }

    private static Example Made(Example example, AttackedText result) =>
        example with
        {
            Id = $"{example.Id}-attacked",
            Text = result.Perturbed,
            TextB = result.PerturbedB,
            Origin = ExampleOrigin.Attacked,
            Source = example.Id,
        };

    private static SplitRef Store(SplitRef of, IEnumerable<Example> examples, StepWork work)
    {
        SplitSummary? summary = null;
        var content = work
            .Artefacts.StoreAsync(
                async (to, stop) => summary = await SplitWriter.WriteAsync(to, examples, stop),
                work.Stop
            )
            .GetAwaiter()
            .GetResult();
        return DatasetIdentity.Split(of.Name, summary!, content, [of.Id, .. of.CutFrom]);
    }
}
