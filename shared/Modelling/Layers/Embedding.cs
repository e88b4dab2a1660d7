using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TransferPipeline.Modelling.Layers;

/// <summary>One row of a matrix per id; the matrix is at hand for a decoder tied to it.</summary>
internal sealed class Embedding : Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (rows, D)

    public Embedding(long rows, long width)
        : base(nameof(Embedding))
    {
        _weight = new(empty(rows, width));
        RegisterComponents();
    }

    public Tensor Weight => _weight;

    public override Tensor forward(Tensor ids) // (B, T) → (B, T, D)
    {
        using var scope = NewDisposeScope();
        return _weight.index_select(0, ids.flatten()).view([.. ids.shape, _weight.shape[1]]).MoveToOuterDisposeScope();
    }
}
