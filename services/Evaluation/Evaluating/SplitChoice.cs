using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;
using TransferPipeline.Storage.Documents;

namespace TransferPipeline.Evaluation.Evaluating;

/// <summary>The dataset and split that a step scores on.</summary>
internal sealed record SplitChoice(DatasetRef Dataset, SplitRef Split)
{
    /// <summary>A split of the dataset that the step was given.</summary>
    public static SplitChoice Given(StepWork work, string split) => In(work.Dataset(), split, work.Step.Name);

    /// <summary>The dataset given; where there is none, the one that all the models were trained from.</summary>
    public static SplitChoice Of(StepWork work, string split, IDocuments<StepDocument> steps)
    {
        if (work.Input("dataset") is not null)
            return Given(work, split);

        var choices = work.Inputs("models")
            .Select(model => In(TrainedFrom(model, work, steps), split, work.Step.Name))
            .ToArray();
        if (choices.DistinctBy(choice => choice.Split.Id).Count() > 1)
            throw new BadInputException(
                $"Step {work.Step.Name}: the models come from datasets whose '{split}' splits differ "
                    + $"({string.Join(", ", choices.Select(choice => choice.Dataset.Name).Distinct())}); "
                    + "expected 'dataset' in 'with:' to say which one to score on."
            );
        return choices[0];
    }

    private static DatasetRef TrainedFrom(StepInput model, StepWork work, IDocuments<StepDocument> steps)
    {
        var maker = model.From is { } id ? steps.GetAsync(id.Value, work.Stop).GetAwaiter().GetResult() : null;
        return maker?.Inputs.FirstOrDefault(input => input.Name == "dataset")?.Dataset
            ?? throw new BadInputException(
                $"Step {work.Step.Name}: model {model.GivenAs ?? maker?.Name ?? model.Name} was not trained from a dataset "
                    + "in this run; expected 'dataset' in 'with:' to say what to score it on."
            );
    }

    private static SplitChoice In(DatasetRef dataset, string split, string step) =>
        dataset.Find(split) is not { } found
            ? throw new BadInputException(
                $"Step {step}: dataset {dataset.Name} has no split '{split}'; it has "
                    + $"{string.Join(", ", dataset.Splits.Select(one => one.Name))}."
            )
            : new SplitChoice(dataset, found);
}
