using TorchSharp;
using TorchSharp.Modules;
using TransferPipeline.Modelling.Compute;

namespace TransferPipeline.Modelling.Training;

/// <summary>What is trained: a model, its examples and their loss.</summary>
public interface ITrainingTask
{
    /// <summary>The model whose parameters move; the loop switches it between training and evaluation.</summary>
    torch.nn.Module Model { get; }

    /// <summary>Tokens of each example.</summary>
    IReadOnlyList<int> Lengths { get; }

    /// <summary>
    /// The mean loss over some examples, with its graph. All randomness in it (dropout, masking) comes from the step's seed
    /// and the number of the update, so that a resumed training draws the same.
    /// </summary>
    torch.Tensor Loss(IReadOnlyList<int> rows, long update);

    /// <summary>Adds the gradients of the mean loss over some examples, times a factor, and returns that product.</summary>
    double Backward(IReadOnlyList<int> rows, long update, double factor = 1)
    {
        var loss = Loss(rows, update);
        if (factor != 1)
            loss = loss.mul(Scalars.Of(factor));
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>The model's score on the selection split, the higher the better; null where there is none.</summary>
    double? Score(CancellationToken stop);
}
