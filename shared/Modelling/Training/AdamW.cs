using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
/// <param name="WeightDecay">Share of the learning rate by which weights shrink at each update; not biases, not norms.</param>
/// <param name="L2">Weight of the sum of all squared weights in the loss; 0 for none.</param>
/// <param name="ClipNorm">Largest norm of all gradients together; 0 for no limit.</param>
public sealed record AdamWOptions(
    double WeightDecay = 0.01,
    double L2 = 0,
    double ClipNorm = 1.0,
    double Beta1 = 0.9,
    double Beta2 = 0.999,
    double Epsilon = 1e-8
);

/// <summary>
/// Adam with decoupled weight decay and bias correction (Loshchilov and Hutter, 2019), gradient clipping by global norm,
/// and an optional L2 term, over all parameters at once.
/// </summary>
public sealed class AdamW : IDisposable
{
    private sealed record Slot(
        string Name,
        Parameter Parameter,
        Tensor Mean,
        Tensor Square,
        Tensor Step,
        bool Decays,
        double Rate
    );

    private readonly AdamWOptions _options;
    private readonly TensorLists _lists = new();
    private readonly Slot[] _slots;

    /// <summary>Starts with empty moments; parameters that need no gradient are left alone.</summary>
    /// <param name="rateOf">By the parameter's name, a factor of its learning rate; null: 1.</param>
    public AdamW(
        IEnumerable<(string Name, Parameter Parameter)> parameters,
        AdamWOptions options,
        Func<string, double>? rateOf = null
    )
    {
        _options = options;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        _slots =
        [
            .. parameters
                .Where(entry => entry.Parameter.requires_grad)
                .Select(entry => new Slot(
                    entry.Name,
                    entry.Parameter,
                    zeros_like(entry.Parameter).DetachFromDisposeScope(),
                    zeros_like(entry.Parameter).DetachFromDisposeScope(),
                    zeros([], dtype: ScalarType.Float32, device: entry.Parameter.device).DetachFromDisposeScope(),
                    // Biases and the weights of layer norms are the parameters of one dimension.
                    entry.Parameter.dim() > 1,
                    rateOf?.Invoke(entry.Name) ?? 1
                )),
        ];
    }

    /// <summary>Forgets all gradients.</summary>
    public void ZeroGradients()
    {
        foreach (var slot in _slots)
            slot.Parameter.grad = null;
    }

    /// <summary>The L2 term of the loss at the present weights; 0 where there is none.</summary>
    public double Penalty()
    {
        if (_options.L2 == 0)
            return 0;
        using var none = no_grad();
        var norm = _lists.Norm([.. _slots.Select(slot => slot.Parameter)]);
        return _options.L2 * norm * norm;
    }

    /// <summary>One update from the gradients; returns their norm before clipping, the L2 term's gradient included.</summary>
    public double Step(double rate)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();

        // A parameter the loss does not reach (a pooler under mean pooling) has no gradient and stays as it is.
        var moving = _slots
            .Select(slot => (Slot: slot, Gradient: slot.Parameter.grad))
            .Where(entry => entry.Gradient is not null)
            .ToArray();
        Tensor[] gradients = [.. moving.Select(entry => entry.Gradient!)];

        if (_options.L2 > 0)
            _lists.Add(gradients, [.. moving.Select(entry => entry.Slot.Parameter)], 2 * _options.L2);
        var norm = _lists.Norm(gradients);
        if (_options.ClipNorm > 0 && _options.ClipNorm < norm + ClipEpsilon)
            _lists.Scale(gradients, _options.ClipNorm / (norm + ClipEpsilon));

        foreach (var group in moving.GroupBy(entry => (entry.Slot.Decays, entry.Slot.Rate)))
            _lists.AdamW(
                [.. group.Select(entry => entry.Slot.Parameter)],
                [.. group.Select(entry => entry.Gradient!)],
                [.. group.Select(entry => entry.Slot.Mean)],
                [.. group.Select(entry => entry.Slot.Square)],
                [.. group.Select(entry => entry.Slot.Step)],
                rate * group.Key.Rate,
                _options,
                group.Key.Decays ? _options.WeightDecay : 0
            );
        return norm;
    }

    /// <summary>Moments and update counts by name, as they stand; not to be disposed.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        _slots
            .SelectMany(slot =>
                new[] { ("mean.", slot.Mean), ("square.", slot.Square), ("step.", slot.Step) }.Select(part =>
                    KeyValuePair.Create(part.Item1 + slot.Name, part.Item2)
                )
            )
            .ToDictionary();

    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Mean.Dispose();
            slot.Square.Dispose();
            slot.Step.Dispose();
        }
        _lists.Dispose();
    }

    // torch.nn.utils.clip_grad_norm_ divides by the norm plus this.
    private const double ClipEpsilon = 1e-6;
}
