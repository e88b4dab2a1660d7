using TransferPipeline.Contracts.Steps;
using TransferPipeline.Modelling.Heads;
using TransferPipeline.Modelling.Training;

namespace TransferPipeline.Training.FineTuning;

/// <summary>Adversarial training of embeddings, where a step asks for it.</summary>
internal static class AgainstMovedEmbeddings
{
    public static ITrainingTask Of(FineTuningSpec spec, SequenceTask task, SequenceClassification model) =>
        spec.Adversarial switch
        {
            "freelb" => new FreeLbTask(
                task,
                model,
                new(
                    spec.AdversarialSteps ?? 3,
                    spec.AdversarialStepSize ?? 0.1,
                    spec.AdversarialStart ?? 0.6,
                    spec.AdversarialRadius ?? 0,
                    Weight: 0
                ),
                spec.Seed
            ),
            "vat" => new VirtualAdversarialTask(
                task,
                model,
                new(
                    spec.AdversarialSteps ?? 1,
                    StepSize: 0,
                    Start: 0,
                    spec.AdversarialRadius ?? 1,
                    spec.AdversarialWeight ?? 1
                ),
                spec.Seed
            ),
            _ => task,
        };
}
