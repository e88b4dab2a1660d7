using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransferPipeline.Modelling.Training;

/// <summary>
/// An exponential average of the weights over the updates, scored and kept in their place (as <c>AveragedModel</c> of
/// PyTorch with <c>get_ema_multi_avg_fn</c>): it begins with the weights after the first update, and each later one moves it
/// to decay · average + (1 − decay) · weights.
/// </summary>
internal sealed class AveragedWeights : IDisposable
{
    private readonly double _decay;
    private readonly TensorLists _lists = new();
    private readonly (string Name, Parameter Weight, Tensor Average)[] _slots;

    /// <summary>Of all weights that learn.</summary>
    public AveragedWeights(nn.Module model, double decay)
    {
        _decay = decay;
        using var none = no_grad();
        using var scope = NewDisposeScope();
        _slots =
        [
            .. model
                .named_parameters()
                .Where(entry => entry.parameter.requires_grad)
                .Select(entry =>
                    (entry.name, entry.parameter, entry.parameter.detach().clone().DetachFromDisposeScope())
                ),
        ];
    }

    /// <summary>The averages by their weights' names, as they stand; not to be disposed.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _slots.ToDictionary(slot => slot.Name, slot => slot.Average);

    /// <summary>Takes the weights after an update, counted from 0.</summary>
    public void Take(long update)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] averages = [.. _slots.Select(slot => slot.Average)];
        Tensor[] weights = [.. _slots.Select(slot => slot.Weight)];
        _lists.Average(averages, weights, update == 0 ? 0 : _decay);
    }

    /// <summary>Lets the model have the averages until what is returned is disposed.</summary>
    public IDisposable InPlace()
    {
        Swap();
        return new Swapped(Swap);
    }

    /// <summary>Leaves the averages to the model for good.</summary>
    public void Give() => Swap();

    public void Dispose()
    {
        foreach (var slot in _slots)
            slot.Average.Dispose();
        _lists.Dispose();
    }

    private void Swap()
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, weight, average) in _slots)
        {
            var present = weight.detach().clone();
            weight.copy_(average);
            average.copy_(present);
        }
    }

    private sealed class Swapped(Action back) : IDisposable
    {
        public void Dispose() => back();
    }
}
