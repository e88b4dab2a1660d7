using TransferPipeline.Modelling.Compute;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Training;

/// <summary>Cross-entropy with what may be added to it; at the defaults it is plain.</summary>
/// <param name="LabelSmoothing">Share of the target that is spread over all labels (Szegedy et al. 2016).</param>
/// <param name="Focal">γ of (1 − p)^γ, by which examples that are known already count less (Lin et al. 2017).</param>
/// <param name="ClassWeights">What an example of each label counts, in output order; null: 1.</param>
/// <param name="RDrop">
/// α of the symmetric divergence of two passes with different dropout (Liang et al. 2021, as in the authors' code: half the
/// sum of both cross-entropies, and α times half the sum of both divergences).
/// </param>
/// <param name="Generalised">q of (1 − p^q) / q in place of −log p (Zhang and Sabuncu 2018); 0 for −log p.</param>
/// <param name="Reverse">
/// Weight of the reverse cross-entropy, in which log 0 is −4, so that it is 4 (1 − p) (Wang et al. 2019).
/// </param>
/// <param name="Plain">Weight of the cross-entropy beside it.</param>
/// <param name="SoftBootstrap">Share of the target that is the model's own probabilities (Reed et al. 2015).</param>
/// <param name="HardBootstrap">Share of the target that is the model's own likeliest label.</param>
/// <param name="LogitShift">Added to the logits, in output order: τ log π of each label (Menon et al. 2021); null: 0.</param>
public sealed record ClassificationLoss(
    double LabelSmoothing = 0,
    double Focal = 0,
    IReadOnlyList<float>? ClassWeights = null,
    double RDrop = 0,
    double Generalised = 0,
    double Reverse = 0,
    double Plain = 1,
    double SoftBootstrap = 0,
    double HardBootstrap = 0,
    IReadOnlyList<float>? LogitShift = null
)
{
    /// <summary>Whether one pass is scored as plain cross-entropy does.</summary>
    public bool IsPlain =>
        LabelSmoothing == 0
        && Focal == 0
        && ClassWeights is null
        && Generalised == 0
        && Reverse == 0
        && Plain == 1
        && SoftBootstrap == 0
        && HardBootstrap == 0
        && LogitShift is null;

    private const double LogOfZero = -4;

    /// <summary>The weighted mean over the examples.</summary>
    /// <param name="logits">(B, labels).</param>
    /// <param name="targets">Label numbers, (B), int64.</param>
    /// <param name="weights">Of each example, (B); null: 1.</param>
    public Tensor Of(Tensor logits, Tensor targets, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        if (LogitShift is not null)
            logits = logits.add(tensor(LogitShift.ToArray()).to(logits.dtype, logits.device), Scalars.One);
        var logs = logits.log_softmax(1);
        var place = targets.unsqueeze(1);
        var ofLabel = ClassWeights is null
            ? ones(logits.size(1), logits.dtype, logits.device)
            : tensor(ClassWeights.ToArray()).to(logits.dtype, logits.device);
        var ofExample = ofLabel.index_select(0, targets); // (B)

        var own = logs.gather(1, place).squeeze(1); // (B)
        var losses =
            Generalised > 0
                ? Scalars.OneMinus(own.mul(Scalars.Of(Generalised)).exp()).div(Scalars.Of(Generalised)).mul(ofExample)
                : own.mul(ofExample).neg();
        if (LabelSmoothing > 0)
        {
            var spread = logs.mul(ofLabel).sum(1).neg().div(Scalars.Of(logits.size(1)));
            losses = losses.mul(Scalars.Of(1 - LabelSmoothing)).add(spread, Scalars.Of(LabelSmoothing));
        }
        if (Focal > 0)
            losses = losses.mul(Scalars.OneMinus(own.exp()).pow(Scalars.Of(Focal)));

        if (SoftBootstrap > 0)
            losses = Bootstrapped(losses, SoftBootstrap, logs.exp().mul(logs).sum(1).neg(), ofExample);
        if (HardBootstrap > 0)
            losses = Bootstrapped(losses, HardBootstrap, logs.amax([1L]).neg(), ofExample);
        if (Plain != 1)
            losses = losses.mul(Scalars.Of(Plain));
        if (Reverse > 0)
            losses = losses.add(Scalars.OneMinus(own.exp()).mul(ofExample), Scalars.Of(-LogOfZero * Reverse));

        var share = weights is null ? ofExample : ofExample.mul(weights);
        if (weights is not null)
            losses = losses.mul(weights);
        return losses.sum().div(share.sum()).MoveToOuterDisposeScope();
    }

    private static Tensor Bootstrapped(Tensor losses, double share, Tensor ownTarget, Tensor ofExample) =>
        losses.mul(Scalars.Of(1 - share)).add(ownTarget.mul(ofExample), Scalars.Of(share));

    /// <summary>The loss of one pass; with <see cref="RDrop"/> that of two.</summary>
    /// <param name="pass">Gives logits, (B, labels), with other masks each time.</param>
    internal Tensor OfPasses(Func<Tensor> pass, Func<Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var logits = pass();
        var value = loss(logits);
        if (RDrop > 0)
        {
            var again = pass();
            value = value
                .add(loss(again), Scalars.One)
                .mul(Scalars.Of(0.5))
                .add(Divergence(logits, again), Scalars.Of(RDrop));
        }
        return value.MoveToOuterDisposeScope();
    }

    /// <summary>Half the sum of both divergences of two passes over the same examples, (B, labels) each.</summary>
    public static Tensor Divergence(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (p, q) = (first.log_softmax(1), second.log_softmax(1));
        var there = p.exp().mul(p.sub(q)).sum(1);
        var back = q.exp().mul(q.sub(p)).sum(1);
        return there.add(back, Scalars.One).mean().mul(Scalars.Of(0.5)).MoveToOuterDisposeScope();
    }
}
