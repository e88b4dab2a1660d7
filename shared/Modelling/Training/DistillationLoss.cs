using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Training;

/// <summary>What a student loses against its teacher.</summary>
public static class DistillationLoss
{
    /// <summary>
    /// T² times the mean Kullback–Leibler divergence of the teacher's softened probabilities from the student's (Hinton et
    /// al. 2015): T² keeps its gradient comparable whatever the temperature.
    /// </summary>
    /// <param name="student">Logits, (N, classes).</param>
    /// <param name="teacher">Logits, (N, classes); no gradient is taken of them.</param>
    public static Tensor SoftTargets(Tensor student, Tensor teacher, double temperature)
    {
        using var scope = NewDisposeScope();
        var target = teacher.detach().div(Scalars.Of(temperature)).softmax(-1);
        var divergence = functional.kl_div(
            student.div(Scalars.Of(temperature)).log_softmax(-1),
            target,
            log_target: false,
            reduction: Reduction.Sum
        );
        return divergence.mul(Scalars.Of(temperature * temperature / student.size(0))).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of 1 − cosine of the vectors of the same token (Sanh et al. 2019).</summary>
    /// <param name="student">(N, D), as is the teacher's; no gradient is taken of that.</param>
    public static Tensor Directions(Tensor student, Tensor teacher)
    {
        using var scope = NewDisposeScope();
        var cosines = functional.cosine_similarity(student, teacher.detach(), dim: 1);
        return Scalars.OneMinus(cosines.mean()).MoveToOuterDisposeScope();
    }
}

/// <summary>How much each part of a distillation's loss counts; the defaults are DistilBERT's.</summary>
/// <remarks>
/// Temperature 2 and weights 5, 2 and 1: the command in <c>research_projects/distillation</c> of Hugging Face's
/// Transformers, by the authors of Sanh et al. 2019.
/// </remarks>
/// <param name="Soft">Of the teacher's softened probabilities.</param>
/// <param name="Hard">Of the true tokens or labels.</param>
/// <param name="Directions">Of the directions of the last hidden states.</param>
public sealed record DistillationWeights(
    double Temperature = 2,
    double Soft = 5,
    double Hard = 2,
    double Directions = 1
);
