namespace TransferPipeline.Contracts.Steps;

/// <summary>The kinds of step about wrong and unequally many labels.</summary>
internal static class LabelKinds
{
    /// <summary>A dataset whose labels are wrong or unequally many.</summary>
    public static StepKind Corrupt { get; } =
        new(
            "corrupt",
            StepGives.Dataset,
            typeof(CorruptionSpec),
            [new("dataset", InputKind.Dataset)],
            Version: 1,
            (run, step) => new CorruptDataset(run, step),
            (run, step) => new DatasetCorrupted(run, step),
            (run, step) => new CorruptionFailed(run, step)
        );

    /// <summary>A dataset whose doubtful labels are found.</summary>
    public static StepKind CleanLabels { get; } =
        new(
            "clean-labels",
            StepGives.Dataset,
            typeof(CleaningSpec),
            [
                new("dataset", InputKind.Dataset),
                new("features", InputKind.Model, Required: false, Literals: ["tf-idf"]),
            ],
            Version: 1,
            (run, step) => new CleanLabels(run, step),
            (run, step) => new LabelsCleaned(run, step),
            (run, step) => new CleaningFailed(run, step),
            OnDevice: true
        );
}
