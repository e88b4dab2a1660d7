using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Evaluation.Evaluating;
using TransferPipeline.Evaluation.Metrics;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Evaluation.Selecting;

/// <summary>Chooses the best of several models on a selection split; no other split is read.</summary>
internal sealed class SelectionHandler(IClassifierOpener opener, TimeProvider time) : IStepHandler
{
    /// <summary>What an output calls the artefact that tells how the model was chosen.</summary>
    public const string SelectionFile = "selection.json";

    public StepKind Kind => StepKinds.Select;

    public StepOutput Handle(StepWork work)
    {
        var spec = work.Spec<SelectionSpec>();
        var candidates = work.Inputs("candidates");
        var choice = SplitChoice.Given(work, spec.Split);
        var examples = work.Rows(choice.Split).ToArray();
        var scores = new double[candidates.Count];
        for (var index = 0; index < scores.Length; index++)
        {
            var name = ScoredPart.NameOf(candidates[index]);
            var folder = work.OpenModel(work.Model(candidates[index].Name));
            // A choice needs figures and no intervals.
            var figures = new EvaluationSpec { Split = spec.Split, Resamples = 0 };
            var part = new ScoredPart(name, index, scores.Length, folder, examples, choice, figures, work, time);
            scores[index] = Score(part, spec.Metric);
        }
        return Choose(work, spec, choice, scores);
    }

    private double Score(ScoredPart part, string metric)
    {
        var predicted = Predicted.By(opener, part);
        var labelled = Enumerable
            .Range(0, part.Examples.Length)
            .Where(row => part.Examples[row].Label is not null || !predicted.NeedsLabels);
        var metrics = predicted.Metrics([.. labelled]);
        return metrics.TryGetValue(metric, out var value)
            ? value.Value
            : throw new BadInputException(
                $"Step {part.Work.Step.Name}: metric {metric} is not defined for model {part.Name} on split "
                    + $"'{part.Choice.Split.Name}' of {part.Choice.Dataset.Name}; expected one of {string.Join(", ", metrics.Keys)}."
            );
    }

    private static StepOutput Choose(StepWork work, SelectionSpec spec, SplitChoice choice, double[] scores)
    {
        var perfect = MetricSet.Perfect(spec.Metric);
        var best = Enumerable.Range(0, scores.Length).MinBy(index => Math.Abs(perfect - scores[index]));
        ModelRef[] models = [.. work.Inputs("candidates").Select(input => input.Model!)];
        var selection = new ModelSelection(
            spec.Metric,
            spec.Split,
            best,
            [.. models.Zip(scores, (model, score) => new SelectionCandidate(model.Id, work.Card(model).Root, score))]
        );
        var card = work.Card(models[best]);
        var read = new SplitUse(choice.Dataset.Name, choice.Split, "selection");
        var known = card.Ancestry.Any(use => use.Split.Id == read.Split.Id && use.Purpose == read.Purpose);
        card = card with
        {
            SelectedOn = spec.Split,
            LabelsDev = Math.Max(card.LabelsDev, choice.Split.Labelled),
            Ancestry = known ? card.Ancestry : [.. card.Ancestry, read],
            Selection = selection,
        };
        return new StepOutput(
            Model: models[best] with
            {
                Card = work.Store(card),
                Provenance = card.Provenance(),
            },
            Files: new SortedDictionary<string, string> { [SelectionFile] = work.Store(selection).Hash }
        );
    }
}
