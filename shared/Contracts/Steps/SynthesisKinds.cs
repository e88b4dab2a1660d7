namespace TransferPipeline.Contracts.Steps;

/// <summary>What makes labelled examples of unlabelled text, and what tells their worth.</summary>
internal static class SynthesisKinds
{
    /// <summary>More labelled examples, made of unlabelled text.</summary>
    public static StepKind Synthesize { get; } =
        new(
            "synthesize",
            StepGives.Dataset,
            typeof(SynthesisSpec),
            [
                new("dataset", InputKind.Dataset),
                new(
                    "model",
                    InputKind.Model,
                    Required: false,
                    Description: "An encoder whose normalised mean embeddings are clustered; left out, tf-idf reduced by a truncated SVD."
                ),
            ],
            Version: 1,
            (run, step) => new SynthesizeExamples(run, step),
            (run, step) => new ExamplesSynthesized(run, step),
            (run, step) => new SynthesisFailed(run, step),
            OnDevice: true
        );

    /// <summary>Scores of the labels that a synthesis gave.</summary>
    public static StepKind Assess { get; } =
        new(
            "assess",
            StepGives.Rows,
            typeof(AssessmentSpec),
            [
                new("dataset", InputKind.Dataset, Description: "What the synthesis gave."),
                new(
                    "model",
                    InputKind.Model,
                    Required: false,
                    Description: "The encoder that it clustered by, to apply the clusters to dev; left out, dev is not read."
                ),
            ],
            Version: 1,
            (run, step) => new AssessLabels(run, step),
            (run, step) => new LabelsAssessed(run, step),
            (run, step) => new AssessmentFailed(run, step)
        );
}
