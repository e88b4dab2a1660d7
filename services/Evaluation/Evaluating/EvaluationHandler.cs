using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Datasets;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>Scores models on one split.</summary>
internal sealed class EvaluationHandler(IDocuments<StepDocument> steps, IClassifierOpener opener, TimeProvider time)
    : IStepHandler
{
    public StepKind Kind => StepKinds.Evaluate;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<EvaluationSpec>();
        var models = work.Inputs("models");
        var choice = SplitChoice.Of(work, spec.Split, steps);
        var cards = models.Select(input => work.Card(ModelOf(input, work))).ToArray();
        for (var index = 0; index < models.Count; index++)
            SelectionGuard.Refuse(ScoredPart.NameOf(models[index]), cards[index], choice, work);

        var examples = work.Rows(choice.Split).ToArray();
        var attacks = GivenAttacks.Read(work);
        var seenTexts = new SeenTexts(examples);
        var scores = new List<ModelScores>();
        var costs = new List<ScoringCost>();
        var files = new Dictionary<string, string>();
        for (var index = 0; index < models.Count; index++)
        {
            var folder = work.OpenModel(ModelOf(models[index], work));
            var name = ScoredPart.NameOf(models[index]);
            var part = new ScoredPart(name, index, models.Count, folder, examples, choice, spec, work, time);
            var predicted = Predicted.By(opener, part);
            var stored = work.Artefacts.StoreAsync(predicted.WriteAsync, work.Stop).GetAwaiter().GetResult();
            costs.Add(ScoringCost.Of(part));
            files[$"predictions-{index}.jsonl"] = stored.Hash;
            var seen = seenTexts.By(cards[index], work);
            var row = Score(choice, cards[index], examples, predicted, seen) with { Predictions = stored.Hash };
            scores.Add(row);
            attacks.ShowTo(index, ModelOf(models[index], work).Id, folder, opener, work.Stop);
        }
        var rows = attacks.AddTo(
            scores,
            [.. models.Select(model => ModelOf(model, work).Id)],
            () => ValidityPanel.Open(work, choice, opener, spec),
            spec,
            work.Stop
        );
        foreach (var (index, log) in attacks.Logs.Index())
            files[$"attack-{index}.jsonl"] = log;
        files[ScoringCost.File] = work.Store(costs).Hash;
        return new StepOutput(Rows: work.Store(rows), Files: files);
    }

    private static ModelScores Score(
        SplitChoice choice,
        ModelCard card,
        Example[] examples,
        IPredicted predicted,
        bool[] seen
    )
    {
        int[] all =
        [
            .. Enumerable
                .Range(0, examples.Length)
                .Where(row => examples[row].Label is not null || !predicted.NeedsLabels),
        ];
        int[] unseen = [.. all.Where(row => !seen[row])];
        var metrics = predicted.Metrics(all);
        return new ModelScores(
            card.Root,
            card.Strategy,
            choice.Dataset.Name,
            choice.Split.Name,
            all.Length,
            card.SelectedOn,
            card.LabelsTrain,
            card.LabelsDev,
            card.Updates,
            card.Seconds,
            predicted.Labels,
            metrics,
            predicted.Classes(all),
            predicted.Confusion(all),
            Seen: all.Length - unseen.Length,
            // Of train a model has seen all, which is what that split is scored for.
            unseen.Length == all.Length
            || choice.Split.Name == "train"
                ? metrics
                : predicted.Metrics(unseen),
            Predictions: "",
            [.. card.Notes, .. predicted.Notes],
            choice.Split
        );
    }

    private static ModelRef ModelOf(StepInput input, StepWork work) => work.Model(input.Name);
}
