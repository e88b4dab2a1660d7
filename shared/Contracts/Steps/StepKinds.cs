namespace TransferPipeline.Contracts.Steps;

/// <summary>The kinds of step that a scenario can use.</summary>
public static class StepKinds
{
    private static readonly string[] Learning = ["train", "dev"];

    /// <summary>A dataset with fewer labels.</summary>
    public static StepKind Sample { get; } =
        new(
            "sample",
            StepGives.Dataset,
            typeof(SamplingSpec),
            [
                new("dataset", InputKind.Dataset),
                new(
                    "rows",
                    InputKind.File,
                    Required: false,
                    Description: "A JSON file whose samples list holds labelsPerClass, seed and 0-based train rows; the entry of perClass and seed is used."
                ),
            ],
            Version: 1,
            (run, step) => new SampleDataset(run, step),
            (run, step) => new DatasetSampled(run, step),
            (run, step) => new SamplingFailed(run, step)
        );

    /// <summary>Labels for unlabelled text, by functions and votes.</summary>
    public static StepKind Label => AugmentationKinds.Label;

    /// <summary>Edited copies of labelled text.</summary>
    public static StepKind Rewrite => AugmentationKinds.Rewrite;

    /// <summary>A dataset whose labels are wrong or unequally many.</summary>
    public static StepKind Corrupt => LabelKinds.Corrupt;

    /// <summary>A dataset whose doubtful labels are found.</summary>
    public static StepKind CleanLabels => LabelKinds.CleanLabels;

    /// <summary>More labelled examples, made of unlabelled text.</summary>
    public static StepKind Synthesize => SynthesisKinds.Synthesize;

    /// <summary>A language model trained on unlabelled text.</summary>
    public static StepKind Pretrain { get; } =
        new(
            "pretrain",
            StepGives.Model,
            typeof(PretrainingSpec),
            [
                new("dataset", InputKind.Dataset, Reads: ["train", "unlabelled"]),
                new("model", InputKind.Model, Required: false, ReadsCard: true),
                new(
                    "config",
                    InputKind.Model,
                    Required: false,
                    Description: "Architecture and tokenizer of a model that starts from random weights."
                ),
            ],
            Version: 2,
            (run, step) => new PretrainModel(run, step),
            (run, step) => new ModelPretrained(run, step),
            (run, step) => new PretrainingFailed(run, step),
            OnDevice: true
        );

    /// <summary>A smaller model that learns from a larger one.</summary>
    public static StepKind Distil { get; } =
        new(
            "distil",
            StepGives.Model,
            typeof(DistillationSpec),
            [
                new("teacher", InputKind.Model, ReadsCard: true, Description: "The model that is learnt from."),
                new(
                    "student",
                    InputKind.Model,
                    Required: false,
                    ReadsCard: true,
                    Description: "The model that learns, with its teacher's vocabulary; left out, it is made of the teacher's blocks."
                ),
                new("dataset", InputKind.Dataset, Reads: ["train", "unlabelled"]),
            ],
            Version: 1,
            (run, step) => new DistilModel(run, step),
            (run, step) => new ModelDistilled(run, step),
            (run, step) => new DistillingFailed(run, step),
            OnDevice: true
        );

    /// <summary>A pretrained model fitted to a task.</summary>
    public static StepKind FineTune { get; } =
        new(
            "fine-tune",
            StepGives.Model,
            typeof(FineTuningSpec),
            [
                new("model", InputKind.Model, ReadsCard: true),
                new("dataset", InputKind.Dataset, Reads: Learning, ReadsToo: FineTuningSpec.ReadsUnlabelled),
                new(
                    "clusters",
                    InputKind.Dataset,
                    Required: false,
                    Reads: ["train"],
                    Description: "For mixup: the rows of train labelled with their clusters, as synthesize with method cluster-ids makes them of the same dataset; left out, any two texts are mixed."
                ),
            ],
            Version: 1,
            (run, step) => new FineTuneModel(run, step),
            (run, step) => new ModelFineTuned(run, step),
            (run, step) => new FineTuningFailed(run, step),
            OnDevice: true
        );

    /// <summary>A classical model.</summary>
    public static StepKind Baseline { get; } =
        new(
            "baseline",
            StepGives.Model,
            typeof(BaselineSpec),
            [
                new("dataset", InputKind.Dataset, Reads: ["train"], ReadsToo: BaselineSpec.ReadsUnlabelled),
                new("features", InputKind.Model, Required: false, Literals: ["tf-idf"], ReadsCard: true),
            ],
            Version: 1,
            (run, step) => new TrainBaseline(run, step),
            (run, step) => new BaselineTrained(run, step),
            (run, step) => new BaselineTrainingFailed(run, step),
            OnDevice: true
        );

    /// <summary>The best of several models on a selection split.</summary>
    public static StepKind Select { get; } =
        new(
            "select",
            StepGives.Model,
            typeof(SelectionSpec),
            [
                new(
                    "candidates",
                    InputKind.Model,
                    Many: true,
                    ReadsCard: true,
                    Gathered: true,
                    Description: "The models to choose from."
                ),
                new(
                    "dataset",
                    InputKind.Dataset,
                    Required: false,
                    Reads: ["dev"],
                    Description: "Left out, the nearest dataset that all of the candidates were trained from."
                ),
            ],
            Version: 1,
            (run, step) => new SelectModel(run, step),
            (run, step) => new ModelSelected(run, step),
            (run, step) => new SelectionFailed(run, step)
        );

    /// <summary>An attack on a model: its log, and a dataset of the texts that fooled it.</summary>
    public static StepKind Attack => AttackKinds.Attack;

    /// <summary>Scores of models on a split.</summary>
    public static StepKind Evaluate { get; } =
        new(
            "evaluate",
            StepGives.Rows,
            typeof(EvaluationSpec),
            [
                new("models", InputKind.Model, Many: true, ReadsCard: true, Description: "The models to score."),
                new(
                    "dataset",
                    InputKind.Dataset,
                    Required: false,
                    Description: "Left out, the nearest dataset that all of the models were trained from."
                ),
                new(
                    "attacks",
                    InputKind.Attack,
                    Required: false,
                    Many: true,
                    Description: "Attacks on the models, for their accuracy under attack."
                ),
                new(
                    "encoder",
                    InputKind.Model,
                    Required: false,
                    Description: "A sentence encoder, for how similar attacked texts are to what they were."
                ),
                new(
                    "language",
                    InputKind.Model,
                    Required: false,
                    Description: "A language model, best a causal one, for the perplexity of attacked texts."
                ),
                new(
                    "lexicons",
                    InputKind.Lexicon,
                    Required: false,
                    Many: true,
                    Description: "Packs of words: WordNet tells which words of attacked texts are none, and which are opposites."
                ),
            ],
            Version: 2,
            (run, step) => new EvaluateModel(run, step),
            (run, step) => new ModelEvaluated(run, step),
            (run, step) => new EvaluationFailed(run, step)
        );

    /// <summary>Scores of the labels that a synthesis gave.</summary>
    public static StepKind Assess => SynthesisKinds.Assess;

    /// <summary>The report that every run ends with; no scenario names it.</summary>
    public static StepKind Report { get; } =
        new(
            "report",
            StepGives.Report,
            typeof(ReportSpec),
            [],
            Version: 1,
            (run, step) => new WriteReport(run, step),
            (run, step) => new ReportWritten(run, step),
            (run, step) => new ReportingFailed(run, step)
        );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StepKind> All { get; } =
    [
        Sample,
        Corrupt,
        CleanLabels,
        Synthesize,
        Label,
        Rewrite,
        Pretrain,
        Distil,
        FineTune,
        Baseline,
        Select,
        Attack,
        Evaluate,
        Assess,
        Report,
    ];

    /// <summary>The kind that a scenario calls by this word, or null.</summary>
    public static StepKind? Find(string uses) => All.FirstOrDefault(kind => kind.Uses == uses);
}
