namespace TransferPipeline.Contracts.Steps;

/// <summary>The kinds of step that Augmentation owns.</summary>
internal static class AugmentationKinds
{
    /// <summary>Labels for unlabelled text, by functions and votes.</summary>
    public static StepKind Label { get; } =
        new(
            "label",
            StepGives.Dataset,
            typeof(LabellingSpec),
            [
                new("dataset", InputKind.Dataset),
                new(
                    "functions",
                    InputKind.File,
                    Required: false,
                    Description: "A YAML file of labelling functions: keywords, regular expressions, lexicons, lengths, punctuation, centroids, predictions, columns of votes."
                ),
                new(
                    "voteFile",
                    InputKind.File,
                    Required: false,
                    Description: "Votes that came with the data, in WRENCH's JSON or as a table; a row is found by its column id, else by its place in train."
                ),
                new("model", InputKind.Model, Required: false, Description: "A classifier whose predictions vote."),
                new(
                    "encoder",
                    InputKind.Model,
                    Required: false,
                    Description: "A model whose embeddings the centroids lie in."
                ),
            ],
            Version: 1,
            (run, step) => new LabelDataset(run, step),
            (run, step) => new DatasetLabelled(run, step),
            (run, step) => new LabellingFailed(run, step)
        );

    /// <summary>Edited copies of labelled text.</summary>
    public static StepKind Rewrite { get; } =
        new(
            "rewrite",
            StepGives.Dataset,
            typeof(RewritingSpec),
            [
                new("dataset", InputKind.Dataset),
                new(
                    "lexicons",
                    InputKind.Lexicon,
                    Required: false,
                    Many: true,
                    Description: "Packs of words that the edit takes, made by transfer lexicons import."
                ),
                new(
                    "model",
                    InputKind.Model,
                    Required: false,
                    Description: "A masked language model, for method masked-model."
                ),
            ],
            Version: 1,
            (run, step) => new RewriteDataset(run, step),
            (run, step) => new DatasetRewritten(run, step),
            (run, step) => new RewritingFailed(run, step)
        );
}
