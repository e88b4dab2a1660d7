using TorchSharp;
using TorchSharp.Modules;
using TransferPipeline.Modelling.Compute;
using TransferPipeline.Modelling.Layers;
using static TorchSharp.torch;
using Linear = TransferPipeline.Modelling.Layers.Linear;

namespace TransferPipeline.Modelling.Training;

/// <summary>How much of a model is mixed with what it was.</summary>
/// <param name="Rate">Probability of each input of a linear layer, in steps of 1/65536.</param>
/// <param name="NewTopBlocks">Blocks nearest to the head that were drawn anew, and are left out.</param>
public sealed record MixoutOptions(double Rate, int NewTopBlocks, long Seed)
{
    /// <summary>Whether the rate rounds to none.</summary>
    public bool IsNone => DropoutMasks.Threshold(Rate) == 0;
}

/// <summary>
/// Mixout (Lee, Cho and Kang 2020): in each update the weights u that training began with stand in for the present ones w
/// of some inputs of the blocks' linear layers, and the others are scaled so that the mean stays w.
/// </summary>
/// <remarks>
/// Of a replaced input the weights are u, of another one (w − p·u) / (1 − p); as in the authors' code one draw decides for
/// all outputs of an input, and biases are not mixed. Their gradient lacks the factor 1 / (1 − p), which is here.
/// </remarks>
internal sealed class Mixout : IDisposable
{
    private sealed record Slot(Parameter Weight, Tensor Begun, Tensor Kept, long[] Inputs);

    private readonly DropoutMasks _masks;
    private readonly int _threshold;
    private readonly Slot[] _slots;
    private Tensor[] _drawn = [];

    /// <summary>Remembers the present weights; those that need no gradient are left alone.</summary>
    public Mixout(nn.Module model, MixoutOptions options)
    {
        // Masks of its own, unlike those of dropout.
        _masks = new((long)new CounterRandom(options.Seed, "mixout").Next());
        _threshold = DropoutMasks.Threshold(options.Rate);
        var blocks = ParameterDepth.Blocks(model);
        using var none = no_grad();
        using var scope = NewDisposeScope();
        _slots =
        [
            .. model
                .named_modules()
                .Select(entry =>
                    (Depth: ParameterDepth.Of($"{entry.name}.weight", blocks), Layer: entry.module as Linear)
                )
                .Where(entry => entry.Depth >= 1 && entry.Depth <= blocks - options.NewTopBlocks)
                .Where(entry => entry.Layer?.Weight.requires_grad == true)
                .Select(entry => new Slot(
                    entry.Layer!.Weight,
                    Copy(entry.Layer.Weight),
                    Copy(entry.Layer.Weight),
                    entry.Layer.IsTransposed ? [entry.Layer.Weight.shape[0], 1] : [1, entry.Layer.Weight.shape[1]]
                )),
        ];
    }

    /// <summary>The weights that are mixed.</summary>
    public IEnumerable<Parameter> Weights => _slots.Select(slot => slot.Weight);

    /// <summary>Mixes the weights for one update, until <see cref="End"/>; both in one dispose scope.</summary>
    public void Begin(long update)
    {
        using var none = no_grad();
        _masks.Begin(update);
        _drawn =
        [
            .. _slots.Select(slot => _masks.Next(slot.Inputs, _threshold, slot.Weight.dtype, slot.Weight.device)),
        ];
        foreach (var (slot, mask) in _slots.Zip(_drawn)) // 0, or 1 / (1 − p)
        {
            slot.Kept.copy_(slot.Weight);
            slot.Weight.sub_(slot.Begun).mul_(mask).add_(slot.Begun, Scalars.One);
        }
    }

    /// <summary>Gives the weights back, and gradients with respect to them.</summary>
    public void End()
    {
        using var none = no_grad();
        foreach (var (slot, mask) in _slots.Zip(_drawn))
        {
            slot.Weight.grad?.mul_(mask);
            slot.Weight.copy_(slot.Kept);
        }
    }

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Begun.Dispose();
            slot.Kept.Dispose();
        }
    }

    private static Tensor Copy(Parameter weight) => weight.detach().clone().DetachFromDisposeScope();
}
