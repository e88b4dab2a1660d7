using TransferPipeline.Contracts;
using TransferPipeline.Contracts.Steps;
using TransferPipeline.Hosting.Steps;

namespace TransferPipeline.Ingestion.Sampling;

/// <summary>Makes a dataset in which fewer rows are labelled.</summary>
internal sealed class SampleHandler : IStepHandler
{
    public StepKind Kind => StepKinds.Sample;

    public StepOutput Handle(StepWork work)
    {
        var parent = work.Dataset();
        var train = parent.Find("train");
        if (parent.Task is TaskType.Text || train is not { Labelled: > 0 })
            throw new BadInputException($"dataset: '{parent.Name}' has no labelled train split to sample from");

        var (selection, scoring) = Roles(parent);
        var paths = new SplitPaths(
            FileOf(train.Content)!,
            FileOf(selection?.Content),
            FileOf(parent.Find("unlabelled")?.Content),
            FileOf(work.Input("rows")?.File)
        );
        var plan = SamplePlan.Of(parent, work.Spec<SamplingSpec>(), paths, selection);
        work.Progress.Report(new(0.3, $"{plan.Train.Count} of {train.Rows} train rows chosen"));
        return new StepOutput(
            new SampleWriter(parent, paths, work.Artefacts, work.Stop).Write(plan, selection, scoring)
        );

        string? FileOf(ArtefactRef? content) => content is null ? null : work.FileOf(content);
    }

    /// <summary>
    /// The dev split, where it may select, and the split that scores. Where only dev is labelled it scores, under the
    /// name <c>test</c>, and selects nothing.
    /// </summary>
    private static (SplitRef? Selection, SplitRef? Scoring) Roles(DatasetRef parent)
    {
        var dev = parent.Find("dev") is { Labelled: > 0 } labelled ? labelled : null;
        if (parent.Find("test") is { Labelled: > 0 } test)
            return (dev, test);
        return (null, dev is null ? null : dev with { Name = "test" });
    }
}
