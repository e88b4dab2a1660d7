namespace TransferPipeline.Pipeline.Tests;

/// <summary>Scenarios small enough for a test: a network of random weights, classical baselines.</summary>
internal static class Scenarios
{
    public const string Baselines = """
        name: baselines
        inputs: { dataset:, model: }
        matrix: { labelsPerClass: [8, 16], seed: [13] }
        steps:
          few:      { uses: sample,   with: { dataset: "${inputs.dataset}", perClass: "${matrix.labelsPerClass}", dev: none, seed: "${matrix.seed}" } }
          svm:      { uses: baseline, with: { algorithm: linear-svm, dataset: "${steps.few}" } }
          majority: { uses: baseline, with: { algorithm: majority, dataset: "${steps.few}" } }
          tuned:    { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${steps.few}", updates: 3, maxTokens: 32, seed: "${matrix.seed}" } }
          scores:   { uses: evaluate, with: { models: ["${steps.svm}", "${steps.majority}", "${steps.tuned}"], split: test } }
        report: { compare: [svm, majority], curve: { x: labelsPerClass, y: accuracy } }
        """;

    public const int CheckpointEvery = 20;

    /// <summary>One training that is long enough to be killed, with a checkpoint every 20 updates.</summary>
    public static string LongTraining(int updates) =>
        $$"""
            name: long-training
            inputs: { dataset:, model: }
            steps:
              tuned:  { uses: fine-tune, with: { model: "${inputs.model}", weights: random, dataset: "${inputs.dataset}", updates: {{updates}}, evaluateEvery: 40, maxTokens: 32, learningRate: 0.0005, checkpointEvery: {{CheckpointEvery}}, seed: 13 } }
              scores: { uses: evaluate, with: { models: ["${steps.tuned}"], split: test } }
            """;
}
